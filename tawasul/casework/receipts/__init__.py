"""The receipt of a directive (إيصال توجيه): signed, printed with a QR code, verified by anybody without us (M4)."""
