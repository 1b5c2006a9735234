using System.Diagnostics;

namespace IrohRpc.Quic.Recovery;

/// <summary>
/// The packet numbers that were received in one space, as ranges in ascending order. Memory is bounded: when there are too many
/// ranges, the lowest is dropped, and numbers up to its end count as received from then on, so that nothing is taken twice.
/// </summary>
internal sealed class AckRanges
{
    /// <summary>How many ranges are kept.</summary>
    public const int MaxCount = 256;

    private const int InitialCapacity = 2;

    private AckRange[] _ranges = new AckRange[InitialCapacity];

    /// <summary>The number of ranges.</summary>
    public int Count { get; private set; }

    /// <summary>Numbers up to this one count as received although no range has them; -1 for none.</summary>
    public long Floor { get; private set; } = -1;

    /// <summary>The largest number, or -1.</summary>
    public long Largest => Count == 0 ? Floor : _ranges[Count - 1].Largest;

    /// <summary>A range by its position, the lowest first.</summary>
    public AckRange this[int index] => _ranges[index];

    /// <summary>Whether a number was received, or may have been.</summary>
    public bool Contains(long packetNumber)
    {
        if (packetNumber <= Floor)
        {
            return true;
        }

        int index = IndexOf(packetNumber);
        return index < Count && _ranges[index].Smallest <= packetNumber;
    }

    /// <summary>Adds a number.</summary>
    /// <returns>False if it was there, or may have been.</returns>
    public bool Add(long packetNumber)
    {
        if (packetNumber <= Floor)
        {
            return false;
        }

        if (Count > 0 && packetNumber == _ranges[Count - 1].Largest + 1)
        {
            _ranges[Count - 1] = _ranges[Count - 1] with { Largest = packetNumber };
            return true;
        }

        int index = IndexOf(packetNumber);
        if (index < Count && _ranges[index].Smallest <= packetNumber)
        {
            return false;
        }

        bool touchesLower = index > 0 && _ranges[index - 1].Largest == packetNumber - 1;
        bool touchesHigher = index < Count && _ranges[index].Smallest == packetNumber + 1;
        if (touchesLower && touchesHigher)
        {
            _ranges[index - 1] = _ranges[index - 1] with { Largest = _ranges[index].Largest };
            RemoveAt(index);
        }
        else if (touchesLower)
        {
            _ranges[index - 1] = _ranges[index - 1] with { Largest = packetNumber };
        }
        else if (touchesHigher)
        {
            _ranges[index] = _ranges[index] with { Smallest = packetNumber };
        }
        else
        {
            Insert(index, packetNumber);
        }

        return true;
    }

    // The first range that ends at the number or after it. Almost always it is one of the last.
    private int IndexOf(long packetNumber)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].Largest < packetNumber)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void Insert(int index, long packetNumber)
    {
        if (Count == MaxCount)
        {
            // The lowest range goes. A new lowest one would go at once: it only raises the floor to where it cannot come again.
            Floor = index == 0 ? packetNumber : _ranges[0].Largest;
            if (index == 0)
            {
                return;
            }

            RemoveAt(0);
            index--;
        }

        if (Count == _ranges.Length)
        {
            Array.Resize(ref _ranges, Math.Min(2 * Count, MaxCount));
        }

        Array.Copy(_ranges, index, _ranges, index + 1, Count - index);
        _ranges[index] = new AckRange(packetNumber, packetNumber);
        Count++;
    }

    private void RemoveAt(int index)
    {
        Debug.Assert(index < Count, "Only ranges that exist are removed.");
        Count--;
        Array.Copy(_ranges, index + 1, _ranges, index, Count - index);
    }
}
