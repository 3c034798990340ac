"""Files to and from who carries the boxes."""
