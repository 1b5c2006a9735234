using System.IO.Pipelines;
using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>How a call's response gets back to its caller: over the lane that the request came on, or over the call's own stream.</summary>
internal abstract class CallResponder
{
    /// <summary>Whether the objects of its calls are used again. A stream's may still be referenced by what streams.</summary>
    public abstract bool ReusesCalls { get; }

    /// <summary>Starts a call's handler on another thread.</summary>
    public abstract void Launch(IncomingCall call);

    /// <summary>Sends the response and ends the call. Called once for each call; never throws.</summary>
    /// <param name="call">The call. It may be used again when this method returns.</param>
    /// <param name="status">How the call ended.</param>
    /// <param name="fields">The fields of the response.</param>
    /// <param name="result">The result; empty where there is none.</param>
    public abstract void Respond(IncomingCall call, RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result);

    /// <summary>Responding has failed for a reason that no code expects: gives up the stream, so that no caller waits for ever.</summary>
    public abstract void Break(Exception exception);

    /// <summary>Takes reports of progress for a parameter. A lane carries none.</summary>
    public virtual IProgress<T> SendProgress<T>(int parameter, ValueWriter<T> writer) => IgnoredProgress<T>.Instance;

    /// <summary>Removes an object that the response passes if the caller gives up the call and so never learns of it.</summary>
    public virtual void ForgetUnlessDelivered(long number)
    {
    }

    /// <summary>The items that the caller streams for a parameter.</summary>
    public virtual IAsyncEnumerable<T> ReceiveItems<T>(int parameter, ValueReader<T> reader) => throw NotStreaming();

    /// <summary>The bytes that the caller streams for a parameter.</summary>
    public virtual Stream ReceiveBytes(int parameter) => throw NotStreaming();

    /// <summary>Takes bytes for the caller.</summary>
    public virtual PipeWriter SendBytesBack() => throw NotStreaming();

    /// <summary>Responds with a stream of items.</summary>
    public virtual void RespondItems<T>(ValueTask<IAsyncEnumerable<T>> items, ValueWriter<T> writer) => throw NotStreaming();

    /// <summary>Responds with the bytes of a stream.</summary>
    public virtual void RespondBytes(ValueTask<Stream> source) => throw NotStreaming();

    /// <summary>Responds with the bytes of a pipe.</summary>
    public virtual void RespondBytes(ValueTask<PipeReader> source) => throw NotStreaming();

    /// <summary>Responds by taking bytes from the caller.</summary>
    public virtual void RespondBytesBack(ValueTask<PipeWriter> destination) => throw NotStreaming();

    private static InvalidOperationException NotStreaming() => new("The method streams, and its call came over a lane.");
}
