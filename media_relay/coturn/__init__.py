"""coturn as the fleet's engine: its configuration rendered from ours, and what of ours it cannot keep (ADR 32).

``peers`` says in coturn's ranges whom the relay may send to; ``configuration`` writes the whole file, in
one of two dialects.
"""
