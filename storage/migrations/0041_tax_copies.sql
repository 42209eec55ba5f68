-- The copy that each seller gets of what was filed: the quarters as they were told, and when it was sent.
ALTER TABLE tax_documents ADD COLUMN quarters TEXT NOT NULL DEFAULT '[]';
ALTER TABLE tax_documents ADD COLUMN told_at BIGINT;
CREATE INDEX tax_documents_waiting ON tax_documents (reference) WHERE told_at IS NULL AND person IS NOT NULL;
