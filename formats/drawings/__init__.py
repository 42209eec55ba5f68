"""Drawings in the formats of the tools that read them: COCO, YOLO; and Label Studio's regions."""
