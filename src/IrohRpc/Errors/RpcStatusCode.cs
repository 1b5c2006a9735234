namespace IrohRpc;

/// <summary>How a call ended: gRPC's well-known codes, with their meaning.</summary>
public enum RpcStatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The call was given up, as a rule by its caller.</summary>
    Cancelled = 1,

    /// <summary>An error that the other side has no better code for, or a code that this build does not know.</summary>
    Unknown = 2,

    /// <summary>The arguments are wrong whatever the state of the service: they do not decode, or the handler refuses them.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed first. The call may still have had its effect.</summary>
    DeadlineExceeded = 4,

    /// <summary>What the call is about is not there; also a call to an object that the peer no longer holds.</summary>
    NotFound = 5,

    /// <summary>What the call would make is there already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and not allowed to do this.</summary>
    PermissionDenied = 7,

    /// <summary>A limit was reached: a message too large, too many calls at once, a quota.</summary>
    ResourceExhausted = 8,

    /// <summary>The service is not in the state that the call needs; trying again does not help before that changes.</summary>
    FailedPrecondition = 9,

    /// <summary>The call lost against another that ran at the same time; it may be tried again as a whole.</summary>
    Aborted = 10,

    /// <summary>The call went past a range that is valid now, such as the end of a list.</summary>
    OutOfRange = 11,

    /// <summary>The peer does not have this method, or has it with another signature.</summary>
    Unimplemented = 12,

    /// <summary>Something broke that should not: the handler threw an exception of its own.</summary>
    Internal = 13,

    /// <summary>The peer could not be reached, or the connection was lost before the answer came.</summary>
    Unavailable = 14,

    /// <summary>Data was lost or damaged beyond repair.</summary>
    DataLoss = 15,

    /// <summary>The caller did not prove who it is in the way that the service asks for.</summary>
    Unauthenticated = 16,
}
