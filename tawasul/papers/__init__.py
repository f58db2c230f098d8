"""What every paper of ours stands on: the typeface, and a PDF document whose Arabic copies as it reads (ADR 21)."""
