namespace IrohRpc.Generators.Model;

/// <summary>How a parameter travels.</summary>
internal enum ParameterKind
{
    /// <summary>As a MemoryPack value among the arguments.</summary>
    Value,

    /// <summary>An <c>IAsyncEnumerable</c> whose items follow the arguments.</summary>
    Items,

    /// <summary>A <c>Stream</c> whose bytes follow the arguments.</summary>
    Stream,

    /// <summary>A <c>PipeReader</c> whose bytes follow the arguments.</summary>
    PipeReader,

    /// <summary>A <c>PipeWriter</c> that takes bytes from the service.</summary>
    PipeWriter,

    /// <summary>An <c>IProgress</c> that takes reports from the service.</summary>
    Progress,

    /// <summary>Another contract: the service calls back.</summary>
    Contract,

    /// <summary>The call's cancellation token, which does not travel as a value.</summary>
    Cancellation,

    /// <summary>The call's context, whose content travels in fields.</summary>
    Context,
}
