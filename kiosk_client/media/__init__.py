"""What the kiosk sends and what it makes of what it receives.

`sources` chooses among camera and microphone, a media file, and the synthetic citizen; `gates` mute; `evidence`
decodes and measures what comes in. Nothing in this package writes media to disk or sends it anywhere.
"""
