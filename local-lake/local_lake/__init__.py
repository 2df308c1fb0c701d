"""The local lake: the AWS that a data lake needs, in one process on one machine."""

__version__ = "0.1.0"
