"""What was drawn, in the forms of the tools that read drawings: COCO, YOLO; and Label Studio's regions."""
