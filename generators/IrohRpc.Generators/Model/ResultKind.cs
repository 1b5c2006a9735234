namespace IrohRpc.Generators.Model;

/// <summary>What a method's result is.</summary>
internal enum ResultKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>A MemoryPack value.</summary>
    Value,

    /// <summary>An <c>IAsyncEnumerable</c> of items.</summary>
    Items,

    /// <summary>A <c>Stream</c> that the caller reads.</summary>
    Stream,

    /// <summary>A <c>PipeReader</c> that the caller reads.</summary>
    PipeReader,

    /// <summary>A <c>PipeWriter</c> that the caller writes.</summary>
    PipeWriter,

    /// <summary>Another contract that the caller then calls.</summary>
    Contract,
}
