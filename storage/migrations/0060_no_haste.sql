-- How fast an answer came speaks against nobody any more.
DELETE FROM evidence WHERE suspicion = 'hasty';
