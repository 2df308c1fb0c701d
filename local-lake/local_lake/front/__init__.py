"""The front: every request arrives here, is answered by a registered operation or goes on to moto."""
