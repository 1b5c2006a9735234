using System.IO.Pipelines;
using IrohRpc.CompilerServices;

namespace IrohRpc.Streams;

/// <summary>The stream that a call has of its own, as the reader of its response sees it. Disposing gives up what has not ended.</summary>
internal abstract class ResponseStream(MethodDescriptor method, int messageLimit, int fieldLimit)
    : MessageReader(method, messageLimit, fieldLimit), IAsyncDisposable
{
    /// <summary>Whether the call goes on after the head of its response.</summary>
    public bool HasStreamedResult => Method.Result is ResultKind.Items or ResultKind.Bytes or ResultKind.BytesBack;

    /// <summary>The caller gets the streamed response, and disposes of this when it is done with it.</summary>
    public abstract void HandOver();

    /// <summary>Takes bytes for the service, as the result of the call.</summary>
    public abstract PipeWriter SendResultBytes();

    public abstract ValueTask DisposeAsync();
}
