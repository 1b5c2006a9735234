using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;
using MemoryPack;

namespace IrohRpc.Streams;

/// <summary>Reads one direction of a call: items or bytes up to their END. For one reader at a time.</summary>
internal abstract class MessageReader(MethodDescriptor method, int messageLimit, int fieldLimit)
{
    private FrameReader? _frames;
    private byte[]? _array;
    private bool _takesArrays;
    private bool _inBytes;
    private bool _atForeignBytes;
    private int _abandoned;

    /// <summary>What <see cref="TakeItem"/> found.</summary>
    public enum Step
    {
        /// <summary>More has to arrive: <see cref="FillAsync"/>.</summary>
        More,

        /// <summary>An item.</summary>
        Item,

        /// <summary>The end that was due.</summary>
        End,
    }

    public bool HasEnded { get; private set; }

    protected MethodDescriptor Method => method;

    /// <summary>What an item may cost.</summary>
    protected abstract PayloadLimits PayloadLimits { get; }

    /// <summary>The most bytes of a frame: a message with what stands around it.</summary>
    protected int FrameLimit => WireFormat.FrameLimit(messageLimit, fieldLimit);

    /// <summary>Reads on.</summary>
    /// <exception cref="RpcException">The stream ended without its END, was reset, or is lost.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask FillAsync()
    {
        bool more;
        if (_atForeignBytes)
        {
            _atForeignBytes = false;
            await CopyForeignBytesAsync().ConfigureAwait(false);
            return;
        }

        try
        {
            if (_frames is null)
            {
                // What arrived with the channel's own head is there already, perhaps all of it.
                Attach(await OpenAsync().ConfigureAwait(false));
                return;
            }

            if (_takesArrays && _frames.TryOpen(FrameType.Item, out int length))
            {
                _array = await ReadArrayAsync(_frames, length).ConfigureAwait(false);
                return;
            }

            more = await _frames.FillAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A stream of another transport may throw anything.
            throw Translate(exception);
        }

        if (!more)
        {
            throw Translate(new EndOfStreamException("the stream ended without saying how"));
        }
    }

    /// <summary>Takes the next item out of what has arrived.</summary>
    public Step TakeItem<T>(ValueReader<T> reader, out T item)
    {
        item = default!;
        if (typeof(T) == typeof(byte[]))
        {
            // A long one is read straight into the array that it is.
            _takesArrays = true;
            if (_array is { } array)
            {
                _array = null;
                item = (T)(object)array;
                return Step.Item;
            }
        }

        while (TryTake(out FrameType type, out ReadOnlySpan<byte> body))
        {
            if (type == FrameType.End)
            {
                return Step.End;
            }

            if (type == FrameType.Item)
            {
                try
                {
                    item = reader.Read(body, PayloadLimits);
                }
                catch (Exception exception)
                {
                    // The peer's bytes decide what a formatter throws.
                    throw BadItem(exception);
                }

                return Step.Item;
            }

            if (type == FrameType.Bytes && HasForeignBytes)
            {
                _atForeignBytes = true;
                return Step.More;
            }
        }

        return HasEnded ? Step.End : Step.More;
    }

    /// <summary>Reads bytes; 0 at their END.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadBytesAsync(Memory<byte> destination)
    {
        while (true)
        {
            if (_inBytes)
            {
                int count = await ReadBytesOfFrameAsync(destination).ConfigureAwait(false);
                if (count > 0 || destination.IsEmpty)
                {
                    return count;
                }

                _inBytes = false;
            }

            if (HasEnded)
            {
                return 0;
            }

            if (!TryTakeBytes())
            {
                await FillAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Gives the rest up: the sender stops.</summary>
    public void Abandon()
    {
        // A fence on each side: either this sees the frames, or the one who attaches them sees that they are abandoned.
        Interlocked.Exchange(ref _abandoned, 1);
        if (HasEnded || Volatile.Read(ref _frames) is not { } frames)
        {
            return;
        }

        try
        {
            frames.Stream.AbortRead(ResetCode.Cancelled);
        }
        catch (Exception)
        {
            // A stream of another transport may throw anything; its disposal follows.
        }
    }

    /// <summary>The direction is released while somebody reads it: what they read from stays as it is.</summary>
    public void LeaveMemory() => Volatile.Read(ref _frames)?.LeaveMemory();

    /// <summary>Says where the frames come from.</summary>
    protected FrameReader Attach(FrameReader frames)
    {
        Interlocked.Exchange(ref _frames, frames);
        if (Volatile.Read(ref _abandoned) != 0)
        {
            Abandon();
        }

        return frames;
    }

    /// <summary>Waits for where the frames come from, for a reader that starts before it is known.</summary>
    protected virtual ValueTask<FrameReader> OpenAsync() => throw new InvalidOperationException("The direction has nothing to read from.");

    /// <summary>Whether bytes between items belong to something else than what is read here.</summary>
    protected virtual bool HasForeignBytes => false;

    /// <summary>Takes the BYTES frame at hand to whom it belongs.</summary>
    protected virtual ValueTask CopyForeignBytesAsync() => ValueTask.CompletedTask;

    /// <summary>Says in the terms of this side what reading failed with.</summary>
    protected virtual Exception Translate(Exception exception) => RpcErrors.FromStream(method, exception);

    /// <summary>An item that does not decode.</summary>
    protected abstract Exception BadItem(Exception exception);

    /// <summary>Handles a frame that is neither item, bytes nor end.</summary>
    protected virtual void HandleOther(FrameType type, ReadOnlySpan<byte> body)
    {
    }

    /// <summary>The END has come, with its fields.</summary>
    protected virtual void HandleEndFields(ReadOnlySpan<byte> fields)
    {
    }

    /// <summary>Takes the next frame that matters here; false where more has to arrive.</summary>
    protected bool TryTake(out FrameType type, out ReadOnlySpan<byte> body)
    {
        type = default;
        body = default;
        while (!HasEnded && _frames is { } frames)
        {
            switch (frames.TryRead(FrameLimit, out type, out body))
            {
                case FrameReadResult.Incomplete:
                    return false;
                case FrameReadResult.Broken:
                    frames.Stream.AbortRead(ResetCode.BrokenFrame);
                    throw Translate(new InvalidDataException("the peer's frames cannot be followed"));
                case FrameReadResult.TooLong:
                    frames.Stream.AbortRead(ResetCode.LimitExceeded);
                    throw Translate(RpcErrors.MessageTooLarge(method, messageLimit));
                case FrameReadResult.Unknown:
                    continue;
            }

            if (type == FrameType.End)
            {
                HandleEnd(body);
                return true;
            }

            if (type is FrameType.Item or FrameType.Bytes)
            {
                return true;
            }

            HandleOther(type, body);
            if (type is FrameType.Response or FrameType.Failure)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What ended was one part of the direction, and another follows.</summary>
    protected void Reopen() => HasEnded = false;

    // As MemoryPack writes it: the length, and the bytes.
    private async ValueTask<byte[]> ReadArrayAsync(FrameReader frames, int length)
    {
        byte[] head = new byte[sizeof(int)];
        await ReadExactlyAsync(frames, head).ConfigureAwait(false);
        int count = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (count != length - sizeof(int))
        {
            throw BadItem(new MemoryPackSerializationException($"the array has {count} bytes, the item {length}."));
        }

        byte[] array = GC.AllocateUninitializedArray<byte>(count);
        await ReadExactlyAsync(frames, array).ConfigureAwait(false);
        return array;
    }

    private static async ValueTask ReadExactlyAsync(FrameReader frames, Memory<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            destination = destination[await frames.ReadBytesAsync(destination).ConfigureAwait(false)..];
        }
    }

    private bool TryTakeBytes()
    {
        bool taken = TryTake(out FrameType type, out _);
        _inBytes = taken && type == FrameType.Bytes;
        return taken;
    }

    /// <summary>Reads bytes of the BYTES frame at hand; 0 at its end.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected async ValueTask<int> ReadBytesOfFrameAsync(Memory<byte> destination)
    {
        try
        {
            return await _frames!.ReadBytesAsync(destination).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw Translate(exception);
        }
    }

    private void HandleEnd(ReadOnlySpan<byte> body)
    {
        if (!VarInt.TryRead(ref body, out long status) || !WireFormat.TryReadFields(ref body, out ReadOnlySpan<byte> fields))
        {
            _frames!.Stream.AbortRead(ResetCode.BrokenFrame);
            throw Translate(new InvalidDataException("the peer's end of the stream cannot be read"));
        }

        HasEnded = true;
        HandleEndFields(fields);
        if (status != 0)
        {
            throw Translate(FailureReader.Read(method, WireFormat.ToStatus(status), fields, PayloadLimits));
        }
    }
}
