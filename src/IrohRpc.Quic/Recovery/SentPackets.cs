using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace IrohRpc.Quic.Recovery;

/// <summary>
/// The packets sent in one space that may still be acknowledged, in a ring that their numbers index. Those outstanding and those
/// declared lost are linked in order of their numbers, so that an acknowledgement costs as much as what it newly acknowledges, however
/// large the window is.
/// </summary>
internal sealed class SentPackets
{
    /// <summary>No packet.</summary>
    public const long None = -1;

    // Room for what a small call has under way. This ring is kept, since the next call needs it again at once; larger ones are rented.
    private const int KeptCapacity = 4;

    private Entry[] _kept = [];
    private Entry[] _ring = [];
    private int _mask = -1;
    private long _head;
    private Chain _outstanding = Chain.Empty;
    private Chain _lost = Chain.Empty;

    private enum State : byte
    {
        Free,
        Outstanding,
        Lost,
        Acknowledged,
    }

    /// <summary>The number after the last one that was used or skipped.</summary>
    public long Next { get; private set; }

    /// <summary>The outstanding packet with the lowest number, or <see cref="None"/>.</summary>
    public long FirstOutstanding => _outstanding.First;

    /// <summary>The packet with the lowest number among those lost, or <see cref="None"/>.</summary>
    public long FirstLost => _lost.First;

    /// <summary>How many outstanding packets elicit an acknowledgement.</summary>
    public int AckElicitingOutstanding { get; private set; }

    /// <summary>A packet that is outstanding or lost.</summary>
    public ref readonly SentPacket this[long packetNumber] => ref At(packetNumber).Packet;

    /// <summary>The packet after one that is outstanding, or after one that is lost, of the same kind.</summary>
    public long NextOf(long packetNumber) => At(packetNumber).Following;

    /// <summary>Appends a packet; its number is <see cref="Next"/>.</summary>
    public void Add(in SentPacket packet)
    {
        Debug.Assert(packet.PacketNumber == Next, "Numbers are used in order.");
        ref Entry entry = ref Append(State.Outstanding);
        entry.Packet = packet;
        Link(ref _outstanding, packet.PacketNumber);
        if (packet.IsAckEliciting)
        {
            AckElicitingOutstanding++;
        }
    }

    /// <summary>Leaves out a number.</summary>
    public void Skip() => Append(State.Free);

    /// <summary>Whether a packet between two numbers, both left out, was acknowledged or is not remembered.</summary>
    public bool HasAcknowledgedBetween(long lower, long higher)
    {
        if (lower < _head && lower + 1 < higher)
        {
            return true;
        }

        for (long number = lower + 1; number < higher; number++)
        {
            if (At(number).State == State.Acknowledged)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes out a packet that was acknowledged.</summary>
    public SentPacket Acknowledge(long packetNumber)
    {
        ref Entry entry = ref At(packetNumber);
        Unlink(ref entry);
        entry.State = State.Acknowledged;
        return entry.Packet;
    }

    /// <summary>
    /// Declares an outstanding packet lost. It is remembered without its frames, in case its acknowledgement is only late.
    /// </summary>
    public void MarkLost(long packetNumber)
    {
        ref Entry entry = ref At(packetNumber);
        Unlink(ref entry);
        entry.State = State.Lost;
        entry.Packet.Frames = SentPacket.None;
        Link(ref _lost, packetNumber);
    }

    /// <summary>Takes out an outstanding or lost packet that no longer matters.</summary>
    public SentPacket Remove(long packetNumber)
    {
        ref Entry entry = ref At(packetNumber);
        Unlink(ref entry);
        entry.State = State.Free;
        return entry.Packet;
    }

    /// <summary>Frees the room of packets that are neither outstanding nor lost, from the oldest on.</summary>
    public void Trim()
    {
        long first = Math.Min(_outstanding.First == None ? Next : _outstanding.First, _lost.First == None ? Next : _lost.First);
        _head = Math.Max(_head, first);
        if (Next - _head <= KeptCapacity / 2 && _mask >= KeptCapacity)
        {
            MoveTo(_kept, KeptCapacity);
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        _head = Next;
        MoveTo([], 0);
        _kept = [];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Entry At(long packetNumber) => ref _ring[(int)packetNumber & _mask];

    private ref Entry Append(State state)
    {
        if (Next - _head > _mask)
        {
            Grow();
        }

        ref Entry entry = ref At(Next);
        entry = default;
        entry.State = state;
        Next++;
        return ref entry;
    }

    private void Grow()
    {
        if (_mask < 0)
        {
            _kept = new Entry[KeptCapacity];
            MoveTo(_kept, KeptCapacity);
            return;
        }

        // The pool may give a longer array than asked for; only a power of two of it is used.
        int capacity = 2 * (_mask + 1);
        MoveTo(ArrayPool<Entry>.Shared.Rent(capacity), capacity);
    }

    private void MoveTo(Entry[] ring, int capacity)
    {
        for (long number = _head; number < Next; number++)
        {
            ring[(int)number & (capacity - 1)] = At(number);
        }

        if (_mask >= KeptCapacity)
        {
            ArrayPool<Entry>.Shared.Return(_ring);
        }

        _ring = ring;
        _mask = capacity - 1;
    }

    private void Link(ref Chain chain, long packetNumber)
    {
        // Both chains grow at their end, but for packets that are declared lost after others with higher numbers.
        long before = chain.Last;
        while (before > packetNumber)
        {
            before = At(before).Preceding;
        }

        ref Entry entry = ref At(packetNumber);
        entry.Preceding = before;
        entry.Following = before == None ? chain.First : At(before).Following;
        if (before == None)
        {
            chain.First = packetNumber;
        }
        else
        {
            At(before).Following = packetNumber;
        }

        if (entry.Following == None)
        {
            chain.Last = packetNumber;
        }
        else
        {
            At(entry.Following).Preceding = packetNumber;
        }
    }

    private void Unlink(ref Entry entry)
    {
        Debug.Assert(entry.State is State.Outstanding or State.Lost, "Only packets that may be acknowledged are linked.");
        if (entry.State == State.Outstanding && entry.Packet.IsAckEliciting)
        {
            AckElicitingOutstanding--;
        }

        ref Chain chain = ref entry.State == State.Outstanding ? ref _outstanding : ref _lost;
        if (entry.Preceding == None)
        {
            chain.First = entry.Following;
        }
        else
        {
            At(entry.Preceding).Following = entry.Following;
        }

        if (entry.Following == None)
        {
            chain.Last = entry.Preceding;
        }
        else
        {
            At(entry.Following).Preceding = entry.Preceding;
        }
    }

    private struct Entry
    {
        public SentPacket Packet;
        public long Preceding;
        public long Following;
        public State State;
    }

    private struct Chain
    {
        public static readonly Chain Empty = new() { First = None, Last = None };

        public long First;
        public long Last;
    }
}
