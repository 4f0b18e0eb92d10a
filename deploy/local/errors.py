"""Errors of the local stack: each says what is wrong and what to do, because it is printed as it is, without a traceback."""


class StackError(Exception):
    """The local stack cannot do what was asked; `cure` is the sentence that helps.

    ├── HomeError          the data folder cannot be used
    ├── PortTakenError     a remembered port belongs to somebody else now
    ├── DownloadError      Kafka's jars could not be brought or are not the locked ones
    ├── StartError         a server or process did not get ready
    └── NotRunningError    no stack runs on this home, or its supervisor does not answer
    """

    def __init__(self, problem: str, cure: str = "") -> None:
        super().__init__(f"{problem}\n{cure}" if cure else problem)
        self.problem = problem
        self.cure = cure


class HomeError(StackError):
    """The data folder cannot be used."""


class PortTakenError(StackError):
    """A remembered port belongs to somebody else now."""


class DownloadError(StackError):
    """Kafka's jars could not be brought, or are not the locked ones."""


class StartError(StackError):
    """A server or process did not get ready."""


class NotRunningError(StackError):
    """No stack runs on this home, or its supervisor does not answer."""
