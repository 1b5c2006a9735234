using System.ComponentModel;
using System.IO.Pipelines;
using IrohRpc.Internal;
using MemoryPack;

namespace IrohRpc.CompilerServices;

/// <summary>
/// One call on its way out. A generated method begins it, writes the arguments, attaches what streams, and ends with exactly one of the ending
/// methods (<see cref="Post"/>, <c>Invoke…</c>, <see cref="StreamAsync"/>); after that the object belongs to the runtime, which uses it again.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class OutgoingCall
{
    private static readonly Func<OutgoingCall, ResponseStream> TakeStream = static call => call.BeginStreaming();

    private readonly CallBuffer _arguments = new();
    private CallBufferWriter _destination;
    private MemoryPackWriterOptionalState? _writerState;
    private WriteBounds _outerBounds;

    /// <summary>Begins to write the arguments: values and contracts in the order of the parameters.</summary>
    public MemoryPackWriter<CallBufferWriter> CreateWriter()
    {
        _writerState = MemoryPackWriterOptionalStatePool.Rent(null);
        _outerBounds = PayloadWork.BeginWriting(Invoker.Options.BoundsFor(Method));
        return new MemoryPackWriter<CallBufferWriter>(ref _destination, _writerState);
    }

    /// <summary>Ends the arguments. A method without values and contracts among its parameters writes none.</summary>
    /// <param name="writer">What <see cref="CreateWriter"/> gave.</param>
    public void EndArguments(ref MemoryPackWriter<CallBufferWriter> writer)
    {
        writer.Flush();
        if (Method.ArgumentsHaveGaps)
        {
            PayloadGaps.Clear(_arguments, 0, Method.ArgumentParts, Method.ArgumentPlan);
        }

        ReturnWriterState();
    }

    /// <summary>Ends a call whose arguments cannot be written. Nothing was sent.</summary>
    /// <param name="exception">Why.</param>
    /// <returns>What the caller gets.</returns>
    public RpcException ArgumentsFailed(Exception exception)
    {
        ReturnWriterState();
        _arguments.Clear();
        return RpcErrors.UnwritableArguments(Method, exception);
    }

    private void ReturnWriterState()
    {
        PayloadWork.EndWriting(_outerBounds);
        ((IDisposable?)_writerState)?.Dispose();
        _writerState = null;
    }

    /// <summary>Writes a contract among the arguments: the peer can call the object for as long as it holds it and the connection lives.</summary>
    /// <typeparam name="TContract">The contract.</typeparam>
    /// <param name="writer">Takes the object's number.</param>
    /// <param name="value">The object, or null.</param>
    public void WriteContract<TContract>(ref MemoryPackWriter<CallBufferWriter> writer, TContract? value)
        where TContract : class, IContract<TContract>
    {
        long number = 0;
        if (value is not null)
        {
            PassedObject passed = PassedObject.Of(value);
            _fields.Add(passed);
            number = passed.Number;
        }

        ObjectNumber.Write(ref writer, number);
    }

    /// <summary>Attaches a stream of items towards the service.</summary>
    /// <typeparam name="T">The type of an item.</typeparam>
    /// <param name="parameter">The parameter's index on the wire.</param>
    /// <param name="items">The items; enumerated once, at the pace at which the service takes them.</param>
    /// <param name="itemWriter">Writes an item.</param>
    public void AddItems<T>(int parameter, IAsyncEnumerable<T> items, ValueWriter<T> itemWriter)
    {
        ArgumentNullException.ThrowIfNull(items, Method.Parameters[parameter].Name);
        Streams.AddUpload(new ItemsUpload<T>(parameter, items, itemWriter, Invoker.Options.BoundsFor(Method)));
    }

    /// <summary>Attaches bytes towards the service. The stream stays the user's.</summary>
    /// <param name="parameter">The parameter's index on the wire.</param>
    /// <param name="source">Read to its end.</param>
    public void AddBytes(int parameter, Stream source)
    {
        ArgumentNullException.ThrowIfNull(source, Method.Parameters[parameter].Name);
        Streams.AddUpload(new StreamUpload(parameter, source));
    }

    /// <summary>Attaches bytes towards the service. The reader is completed when they have been read, or the call has ended.</summary>
    /// <param name="parameter">The parameter's index on the wire.</param>
    /// <param name="source">Read to its end.</param>
    public void AddBytes(int parameter, PipeReader source)
    {
        ArgumentNullException.ThrowIfNull(source, Method.Parameters[parameter].Name);
        Streams.AddUpload(new PipeUpload(parameter, source));
    }

    /// <summary>Attaches what takes bytes from the service. The writer is completed when they have ended, with the error where the call failed.</summary>
    /// <param name="parameter">The parameter's index on the wire.</param>
    /// <param name="destination">Takes the bytes.</param>
    public void AddBytesBack(int parameter, PipeWriter destination)
    {
        ArgumentNullException.ThrowIfNull(destination, Method.Parameters[parameter].Name);
        Streams.BytesBack = destination;
    }

    /// <summary>Attaches what takes reports of progress from the service.</summary>
    /// <typeparam name="T">The type of a report.</typeparam>
    /// <param name="parameter">The parameter's index on the wire.</param>
    /// <param name="progress">Takes the reports; null where nobody wants them.</param>
    /// <param name="reportReader">Reads a report.</param>
    public void AddProgress<T>(int parameter, IProgress<T>? progress, ValueReader<T> reportReader)
    {
        if (progress is not null)
        {
            Streams.AddProgress(new ProgressReceiver<T>(parameter, progress, reportReader));
        }
    }

    /// <summary>Ends a one-way call: sends it and forgets it. What becomes of it is not known; a failure to send is logged at debug level.</summary>
    /// <exception cref="RpcException">Too many bytes of one-way calls wait for the network: <see cref="RpcOptions.MaxUnsentOneWayBytes"/>.</exception>
    public void Post()
        => Start(null);

    /// <summary>Ends a call without a value in its result.</summary>
    public ValueTask InvokeAsync()
    {
        CallSource<bool> source = CallSource<bool>.Rent(null);
        ValueTask task = source.VoidTask;
        Start(source);
        return task;
    }

    /// <summary>Ends a call whose result is a value.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="resultReader">Reads the result.</param>
    public ValueTask<T> InvokeAsync<T>(ValueReader<T> resultReader)
    {
        CallSource<T> source = CallSource<T>.Rent(resultReader);
        ValueTask<T> task = source.Task;
        Start(source);
        return task;
    }

    /// <summary>Ends a call whose result is a contract.</summary>
    /// <typeparam name="TContract">The contract.</typeparam>
    public ValueTask<TContract?> InvokeContractAsync<TContract>()
        where TContract : class, IContract<TContract>
    {
        CallSource<TContract?> source = CallSource<TContract?>.Rent(null, static call => call.ReceiveResult<TContract>());
        ValueTask<TContract?> task = source.Task;
        Start(source);
        return task;
    }

    /// <summary>Ends a call whose result is a bare stream of items: it is sent when the enumeration begins, which may be once.</summary>
    /// <typeparam name="T">The type of an item.</typeparam>
    /// <param name="itemReader">Reads an item.</param>
    public IAsyncEnumerable<T> StreamAsync<T>(ValueReader<T> itemReader) => new ReceivedItems<T>(this, null, itemReader);

    /// <summary>Ends a call whose result is a stream of items in a task: it is sent now, and the task completes once the service has begun to answer.</summary>
    /// <typeparam name="T">The type of an item.</typeparam>
    /// <param name="itemReader">Reads an item.</param>
    public async ValueTask<IAsyncEnumerable<T>> InvokeItemsAsync<T>(ValueReader<T> itemReader)
        => new ReceivedItems<T>(this, await InvokeStreamingAsync().ConfigureAwait(false), itemReader);

    /// <summary>Ends a call whose result is bytes from the service, as a stream to read. Disposing it early stops the service.</summary>
    public async ValueTask<Stream> InvokeStreamAsync()
    {
        ResponseStream stream = await InvokeStreamingAsync().ConfigureAwait(false);
        return new ReceivedBytes(stream, stream.DisposeAsync);
    }

    /// <summary>Ends a call whose result is bytes from the service, as a pipe to read. Completing it early stops the service.</summary>
    public async ValueTask<PipeReader> InvokePipeReaderAsync()
        => PipeReader.Create(await InvokeStreamAsync().ConfigureAwait(false));

    /// <summary>
    /// Ends a call whose result takes bytes towards the service. Completing it says that they have ended; <see cref="PipeWriter.CompleteAsync"/> waits until the
    /// service has taken them all, and fails where it has not.
    /// </summary>
    public async ValueTask<PipeWriter> InvokePipeWriterAsync()
    {
        ResponseStream stream = await InvokeStreamingAsync().ConfigureAwait(false);
        return stream.SendResultBytes();
    }

    /// <summary>Sends the call, and completes when the head of its streamed response has arrived.</summary>
    internal ValueTask<ResponseStream> InvokeStreamingAsync()
    {
        CallSource<ResponseStream> source = CallSource<ResponseStream>.Rent(null, TakeStream);
        ValueTask<ResponseStream> task = source.Task;
        Start(source);
        return task;
    }

    private TContract? ReceiveResult<TContract>()
        where TContract : class, IContract<TContract>
    {
        ReadOnlySpan<byte> result = ResultBytes;
        if (!VarInt.TryRead(ref result, out long number) || !result.IsEmpty)
        {
            throw new InvalidDataException("there is no number of an object.");
        }

        return number != 0 || !Method.RefusesNullResult
            ? _path!.Connection.ReceiveObject<TContract>(number, _response.Fields)
            : throw new InvalidDataException("result is null, which its type does not allow.");
    }
}
