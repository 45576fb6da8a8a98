"""What every figure stands on: the house style, the frame with its texts, curves."""
