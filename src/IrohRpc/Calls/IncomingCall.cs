using System.ComponentModel;
using System.IO.Pipelines;
using IrohRpc.Internal;
using MemoryPack;

namespace IrohRpc.CompilerServices;

/// <summary>
/// One call that a peer made. A generated dispatcher reads the arguments, calls the service and ends with exactly one of the <c>Complete…</c> methods,
/// after which the object belongs to the runtime, which uses it again.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class IncomingCall
{
    private MemoryPackReaderOptionalState? _readerState;
    private int _argument;
    private bool _mayReuseReaderState = true;

    /// <summary>What is called.</summary>
    public MethodDescriptor Method { get; private set; } = null!;

    /// <summary>Fires when the caller gives up the call, its deadline passes, or the connection is lost.</summary>
    public CancellationToken CancellationToken => _cancellation.GetToken(Host, IsOneWay);

    /// <summary>Who calls, and what travels beside the call.</summary>
    public CallContext Context => _context ??= new CallContext(Host, Deadline, CallFields.ReadMetadata(Fields));

    /// <summary>The index on the wire of the argument that is read next, so that an error can name it.</summary>
    public int Argument
    {
        get => _argument;
        set => _argument = value;
    }

    /// <summary>Begins to read the arguments: values and contracts in the order of the parameters.</summary>
    /// <exception cref="InvalidDataException">They are not what the method takes.</exception>
    public MemoryPackReader CreateReader()
    {
        _step = Step.Arguments;
        CheckArguments();
        _readerState = MemoryPackReaderOptionalStatePool.Rent(null);
        return new MemoryPackReader(ArgumentBytes, _readerState);
    }

    /// <summary>Ends the arguments of a method that has neither values nor contracts among its parameters. Must be called before the service is.</summary>
    /// <exception cref="InvalidDataException">There are arguments.</exception>
    public void EndArguments()
    {
        if (!ArgumentBytes.IsEmpty)
        {
            _step = Step.Arguments;
            _argument = -1;
            throw new InvalidDataException($"{ArgumentBytes.Length} bytes stand where the method takes no arguments.");
        }

        _step = Step.Handler;
    }

    /// <summary>Ends the arguments. Must be called before the service is.</summary>
    /// <param name="reader">What <see cref="CreateReader"/> gave.</param>
    /// <exception cref="MemoryPackSerializationException">Bytes follow the last argument.</exception>
    public void EndArguments(ref MemoryPackReader reader)
    {
        int left = ArgumentBytes.Length - reader.Consumed;
        reader.Dispose();
        ReturnReaderState();
        if (left != 0)
        {
            _argument = -1;
            throw new MemoryPackSerializationException($"{left} bytes follow the last argument.");
        }

        _step = Step.Handler;
    }

    /// <summary>Reads a contract among the arguments: an object of the caller's that this side may call.</summary>
    /// <typeparam name="TContract">The contract.</typeparam>
    /// <param name="reader">Stands at the object's number.</param>
    public TContract? ReadContract<TContract>(ref MemoryPackReader reader)
        where TContract : class, IContract<TContract>
    {
        TContract? received = Connection.ReceiveObject<TContract>(ObjectNumber.Read(ref reader), Fields);
        if (Host.Options.ReleaseObjectsWithCall && (received as ContractProxy)?.Invoker is BoundInvoker invoker)
        {
            OnEnded(invoker.ReleaseUnlessKeptAsync);
        }

        return received;
    }

    /// <summary>The items that the caller streams for a parameter; they can be enumerated once.</summary>
    /// <typeparam name="T">The type of an item.</typeparam>
    /// <param name="parameter">The parameter's index on the wire.</param>
    /// <param name="itemReader">Reads an item.</param>
    public IAsyncEnumerable<T> Items<T>(int parameter, ValueReader<T> itemReader) => Responder.ReceiveItems(parameter, itemReader);

    /// <summary>The bytes that the caller streams for a parameter, as a stream to read.</summary>
    /// <param name="parameter">The parameter's index on the wire.</param>
    public Stream BytesAsStream(int parameter) => Responder.ReceiveBytes(parameter);

    /// <summary>The bytes that the caller streams for a parameter, as a pipe to read.</summary>
    /// <param name="parameter">The parameter's index on the wire.</param>
    public PipeReader BytesAsPipeReader(int parameter) => PipeReader.Create(Responder.ReceiveBytes(parameter));

    /// <summary>Takes bytes for the caller, for a parameter of the kind <see cref="ParameterKind.BytesBack"/>.</summary>
    /// <param name="parameter">The parameter's index on the wire.</param>
    public PipeWriter BytesBack(int parameter) => Responder.SendBytesBack();

    /// <summary>Takes reports of progress for the caller. Never null: where the caller wants none, they go nowhere.</summary>
    /// <typeparam name="T">The type of a report.</typeparam>
    /// <param name="parameter">The parameter's index on the wire.</param>
    /// <param name="reportWriter">Writes a report.</param>
    public IProgress<T> Progress<T>(int parameter, ValueWriter<T> reportWriter) => Responder.SendProgress(parameter, reportWriter);

    /// <summary>Completes a one-way call.</summary>
    public void Complete()
    {
        // Where interceptors run, only the arguments were read: they complete the call.
        if (_invocation is null)
        {
            Succeed();
        }
    }

    /// <summary>Completes a call without a value in its result, once <paramref name="task"/> has.</summary>
    /// <param name="task">What the service returned.</param>
    public void Complete(ValueTask task)
    {
        if (task.IsCompletedSuccessfully)
        {
            // Taken, because a pooled source has to be told that its result was read.
            task.GetAwaiter().GetResult();
            Succeed();
        }
        else
        {
            PendingCompletion.Await(this, task);
        }
    }

    /// <summary>Completes a call whose result is a value, once <paramref name="task"/> has.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="task">What the service returned.</param>
    /// <param name="resultWriter">Writes the result.</param>
    public void Complete<T>(ValueTask<T> task, ValueWriter<T> resultWriter)
    {
        if (task.IsCompletedSuccessfully)
        {
            Succeed(task.Result, resultWriter);
        }
        else
        {
            PendingResult<T>.Await(this, task, resultWriter);
        }
    }

    /// <summary>Completes a call whose result is a contract: the caller can call the object from then on.</summary>
    /// <typeparam name="TContract">The contract.</typeparam>
    /// <param name="task">What the service returned.</param>
    public void CompleteContract<TContract>(ValueTask<TContract?> task)
        where TContract : class, IContract<TContract>
        => Complete(task, PassResult);

    /// <summary>Completes a call whose result is a stream of items.</summary>
    /// <typeparam name="T">The type of an item.</typeparam>
    /// <param name="items">What the service returned.</param>
    /// <param name="itemWriter">Writes an item.</param>
    public void CompleteItems<T>(IAsyncEnumerable<T> items, ValueWriter<T> itemWriter)
        => Responder.RespondItems(items is PendingItems<T> pending ? pending.Task : new ValueTask<IAsyncEnumerable<T>>(items), itemWriter);

    /// <inheritdoc cref="CompleteItems{T}(IAsyncEnumerable{T}, ValueWriter{T})"/>
    public void CompleteItems<T>(ValueTask<IAsyncEnumerable<T>> items, ValueWriter<T> itemWriter) => Responder.RespondItems(items, itemWriter);

    /// <summary>Completes a call whose result is bytes. The stream is read to its end and disposed.</summary>
    /// <param name="source">What the service returned.</param>
    public void CompleteBytes(ValueTask<Stream> source) => Responder.RespondBytes(source);

    /// <summary>Completes a call whose result is bytes. The reader is read to its end and completed.</summary>
    /// <param name="source">What the service returned.</param>
    public void CompleteBytes(ValueTask<PipeReader> source) => Responder.RespondBytes(source);

    /// <summary>Completes a call whose result takes bytes from the caller. The writer is completed when they have ended.</summary>
    /// <param name="destination">What the service returned.</param>
    public void CompleteBytesBack(ValueTask<PipeWriter> destination) => Responder.RespondBytesBack(destination);

    private void CheckArguments()
    {
        ReadOnlySpan<PayloadPart> parts = Method.ArgumentParts;
        if (parts.Length > 0)
        {
            int wrong = 0;
            try
            {
                _mayReuseReaderState = PayloadReading.CheckArguments(ArgumentBytes, parts, Method.ArgumentPlan, Host.Options.PayloadLimits, out wrong);
            }
            finally
            {
                _argument = Method.ParameterOfArgument(wrong);
            }

            PayloadWork.Begin(Host.Options.MaxKeyCollisions);
        }
    }

    private void ReturnReaderState()
    {
        PayloadWork.End();
        if (_mayReuseReaderState)
        {
            ((IDisposable?)_readerState)?.Dispose();
        }

        _readerState = null;
    }

    private void PassResult<TContract>(ref MemoryPackWriter<CallBufferWriter> writer, TContract? value)
        where TContract : class, IContract<TContract>
    {
        if (value is null)
        {
            ObjectNumber.Write(ref writer, 0);
            return;
        }

        // One that the caller passed goes home: it must not be released before it is there.
        ((value as ContractProxy)?.Invoker as BoundInvoker)?.Keep();
        _passed = Connection.Pass(value);
        ObjectNumber.Write(ref writer, _passed.Number);
        Responder.ForgetUnlessDelivered(_passed.Number);
    }
}
