using System.ComponentModel;

namespace IrohRpc.CompilerServices;

/// <summary>How a parameter travels. Cancellation tokens and the call context are not parameters in this sense.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ParameterKind
{
    /// <summary>As a value among the arguments.</summary>
    Value,

    /// <summary>As a contract's number among the arguments.</summary>
    Contract,

    /// <summary>As a stream of items towards the service.</summary>
    Items,

    /// <summary>As raw bytes towards the service.</summary>
    Bytes,

    /// <summary>As raw bytes from the service to the caller.</summary>
    BytesBack,

    /// <summary>As reports of progress from the service to the caller.</summary>
    Progress,
}
