"""What upper floors show on pages of lower ones: page -> [(label, address name)]."""

PANELS = {}
