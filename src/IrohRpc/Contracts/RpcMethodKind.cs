namespace IrohRpc;

/// <summary>Which way a method streams. Progress and contracts among its parameters do not count.</summary>
public enum RpcMethodKind
{
    /// <summary>One request, one response.</summary>
    Unary,

    /// <summary>The caller streams items or bytes.</summary>
    ClientStreaming,

    /// <summary>The service streams items or bytes.</summary>
    ServerStreaming,

    /// <summary>Both stream.</summary>
    DuplexStreaming,

    /// <summary>Nothing is answered.</summary>
    OneWay,
}
