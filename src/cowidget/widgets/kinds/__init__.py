"""What the room must know of widgets beyond what their traits tell, class by class."""
