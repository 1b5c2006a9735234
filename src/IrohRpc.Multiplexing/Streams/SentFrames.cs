using System.Buffers;

namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// What all packets on their way carried: one list of frames for each packet, all lists in one array, so that a packet costs no allocation.
/// A packet's list goes by the index of its first frame.
/// </summary>
internal sealed class SentFrames
{
    /// <summary>The list without frames.</summary>
    public const int None = -1;

    // Room for the packet of a small call and the one before it. It is kept when nothing is under way, since the next call needs it again at once;
    // what was needed beyond it is rented, and goes back.
    private const int KeptCapacity = 4;

    private SentFrame[] _frames = [];
    private int _used;
    private int _free = None;
    private int _live;
    private int _first = None;
    private int _last = None;

    /// <summary>How many frames of packets on their way there are.</summary>
    public int Count => _live;

    /// <summary>Whether the packet that is being built has frames that are to be acknowledged.</summary>
    public bool HasCurrent => _first != None;

    /// <summary>Adds a frame to the packet that is being built.</summary>
    public void Add(SentFrameKind kind, MultiplexedStream? stream = null, long offset = 0, int length = 0, bool isFin = false)
    {
        int index = Take();
        ref SentFrame frame = ref _frames[index];
        frame.Kind = kind;
        frame.IsFin = isFin;
        frame.Length = length;
        frame.Offset = offset;
        frame.Stream = stream;
        frame.Next = None;
        if (_last == None)
        {
            _first = index;
        }
        else
        {
            _frames[_last].Next = index;
        }

        _last = index;
    }

    /// <summary>Ends the packet that is being built.</summary>
    /// <returns>Its list.</returns>
    public int EndPacket()
    {
        int first = _first;
        _first = None;
        _last = None;
        return first;
    }

    /// <summary>Takes the first frame out of a list.</summary>
    /// <param name="list">The list; afterwards the rest of it.</param>
    /// <param name="frame">The frame.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryTake(ref int list, out SentFrame frame)
    {
        if (list == None)
        {
            frame = default;
            return false;
        }

        int index = list;
        frame = _frames[index];
        list = frame.Next;
        _frames[index] = new SentFrame { Next = _free };
        _free = index;
        if (--_live == 0)
        {
            // What a burst needed is not kept for an idle connection.
            _used = 0;
            _free = None;
            if (_frames.Length > KeptCapacity)
            {
                ArrayPool<SentFrame>.Shared.Return(_frames, clearArray: true);
                _frames = [];
            }
        }

        return true;
    }

    /// <summary>Looks at the first frame of a list without taking it.</summary>
    /// <param name="list">A list that is not empty; afterwards the rest of it.</param>
    public ref readonly SentFrame Peek(ref int list)
    {
        ref readonly SentFrame frame = ref _frames[list];
        list = frame.Next;
        return ref frame;
    }

    /// <summary>Frees a list whose frames are of no interest any more.</summary>
    public void Free(int list)
    {
        while (TryTake(ref list, out _))
        {
        }
    }

    private int Take()
    {
        _live++;
        if (_free != None)
        {
            int index = _free;
            _free = _frames[index].Next;
            return index;
        }

        if (_used == _frames.Length)
        {
            Grow();
        }

        return _used++;
    }

    private void Grow()
    {
        SentFrame[] frames = _frames.Length == 0 ? new SentFrame[KeptCapacity] : ArrayPool<SentFrame>.Shared.Rent(2 * _frames.Length);
        _frames.CopyTo(frames, 0);
        if (_frames.Length > KeptCapacity)
        {
            ArrayPool<SentFrame>.Shared.Return(_frames, clearArray: true);
        }

        _frames = frames;
    }
}
