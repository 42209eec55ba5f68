"""Optional subsystems: each is a package with all its layers, which the core finds (`domain/extensions.py`) and never
imports. Without its folder the core works as before."""
