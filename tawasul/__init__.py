"""Tawasul (تواصل): a private video majlis between a region's citizens and its Amir. See ARCHITECTURE.md for the floors."""
