"""Tawasul (تواصل): a private video majlis between a region's citizens and its Amir. ARCHITECTURE.md has the floors."""

__version__ = "0.1.0"
