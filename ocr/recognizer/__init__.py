"""The recognizer of printed Vietnamese lines: pixels of one line to words with places and confidences."""
