using System.Diagnostics.CodeAnalysis;

namespace IrohRpc.Identity.Internal;

/// <summary>
/// Reads the postcard wire format (varints, length-prefixed bytes) from bytes that may be hostile. The first thing that is
/// wrong makes a read return false and stays in <see cref="Problem"/>; nothing is allocated.
/// </summary>
internal ref struct PostcardReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>How many bytes were read.</summary>
    public int Position { get; private set; }

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _data.Length - Position;

    /// <summary>What is wrong and where, as a clause without a full stop; null as long as every read succeeded.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads a number in the least bytes that can hold it: 7 bits in each, least significant first.</summary>
    /// <param name="field">What the number is, for the problem.</param>
    /// <param name="max">The largest value allowed.</param>
    /// <param name="value">The number.</param>
    public bool TryReadVarint(string field, ulong max, out ulong value)
    {
        int start = Position;
        value = 0;
        for (int shift = 0; ; shift += 7)
        {
            if (Remaining == 0)
            {
                return Fail($"it ends within {field}, which starts at byte {start}");
            }

            byte next = _data[Position++];

            // The tenth byte has room for the 64th bit only, and a last byte of zero adds nothing but length.
            if ((shift == 63 && next > 1) || (shift > 0 && next == 0))
            {
                return Fail($"{field} at byte {start} is a varint longer than its value needs or than 64 bits");
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value <= max || Fail($"{field} at byte {start} is {value}, which is more than {max}");
            }
        }
    }

    /// <summary>Reads bytes whose number is known.</summary>
    /// <param name="field">What the bytes are, for the problem.</param>
    /// <param name="length">How many there have to be; any value is safe to pass.</param>
    /// <param name="bytes">The bytes, in place.</param>
    public bool TryReadBytes(string field, ulong length, out ReadOnlySpan<byte> bytes)
    {
        if (length > (ulong)Remaining)
        {
            bytes = default;
            return Fail($"{field} at byte {Position} should have {length} bytes and {Remaining} are left");
        }

        bytes = _data.Slice(Position, (int)length);
        Position += (int)length;
        return true;
    }

    /// <summary>Goes back to where an earlier read stood and takes everything from there.</summary>
    /// <param name="position">A value that <see cref="Position"/> had.</param>
    public ReadOnlySpan<byte> TakeRestFrom(int position)
    {
        Position = _data.Length;
        return _data[position..];
    }

    /// <summary>Notes what is wrong.</summary>
    /// <param name="problem">The problem, as a clause without a full stop.</param>
    /// <returns>False, for the caller to return.</returns>
    [MemberNotNull(nameof(Problem))]
    public bool Fail(string problem)
    {
        Problem = problem;
        return false;
    }
}
