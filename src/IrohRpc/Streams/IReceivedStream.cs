namespace IrohRpc.Streams;

/// <summary>A streamed result at the caller, whose call is given up when it is disposed of.</summary>
internal interface IReceivedStream : IAsyncDisposable;
