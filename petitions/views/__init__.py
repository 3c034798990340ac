"""The petitions' pages: for everybody, on the way to a signature, and behind a signer's link."""
