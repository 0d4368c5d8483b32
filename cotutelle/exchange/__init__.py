"""What comes in and goes out: files of other systems, read into plain values or refused with a sentence."""
