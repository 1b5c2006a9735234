using System.ComponentModel;

namespace IrohRpc.CompilerServices;

/// <summary>What a method's result is.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ResultKind
{
    /// <summary>Nothing is ever answered.</summary>
    OneWay,

    /// <summary>The call is answered, without a value.</summary>
    None,

    /// <summary>A value.</summary>
    Value,

    /// <summary>A contract, by its number.</summary>
    Contract,

    /// <summary>A stream of items from the service.</summary>
    Items,

    /// <summary>Raw bytes from the service.</summary>
    Bytes,

    /// <summary>Raw bytes from the caller to the service.</summary>
    BytesBack,
}
