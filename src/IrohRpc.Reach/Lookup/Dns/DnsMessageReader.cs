using System.Buffers.Binary;
using System.Text;

namespace IrohRpc.Reach.Lookup.Dns;

/// <summary>
/// Reads a DNS message (RFC 1035, section 4) from anybody: every length is checked, and a compressed name may only point backwards, so that reading
/// ends.
/// </summary>
internal ref struct DnsMessageReader
{
    private const int HeaderLength = 12;
    private const int MaxNameLength = 255;

    private readonly ReadOnlySpan<byte> _message;
    private int _position;
    private int _questions;
    private int _answers;
    private int _authorities;
    private int _additionals;

    private DnsMessageReader(ReadOnlySpan<byte> message)
    {
        _message = message;
        Id = BinaryPrimitives.ReadUInt16BigEndian(message);
        Flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        _questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        _answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        _authorities = BinaryPrimitives.ReadUInt16BigEndian(message[8..]);
        _additionals = BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        _position = HeaderLength;
    }

    /// <summary>The message's number.</summary>
    public ushort Id { get; }

    /// <summary>The flags and codes of the header.</summary>
    public ushort Flags { get; }

    /// <summary>Whether this is a response.</summary>
    public readonly bool IsResponse => (Flags & 0x8000) != 0;

    /// <summary>Whether the whole message has been read and nothing follows.</summary>
    public readonly bool IsAtEnd => _position == _message.Length && _questions + _answers + _authorities + _additionals == 0;

    /// <summary>Begins to read.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> message, out DnsMessageReader reader)
    {
        reader = message.Length < HeaderLength ? default : new DnsMessageReader(message);
        return message.Length >= HeaderLength;
    }

    /// <summary>Reads the next question; false where there is none, or where it is broken.</summary>
    public bool TryReadQuestion(out string name, out DnsRecordType type)
    {
        name = "";
        type = default;
        if (_questions == 0 || !TryReadName(_position, out name, out int end) || end + 4 > _message.Length)
        {
            return false;
        }

        type = (DnsRecordType)BinaryPrimitives.ReadUInt16BigEndian(_message[end..]);
        _position = end + 4;
        _questions--;
        return true;
    }

    /// <summary>Reads the next resource record, after all questions; false where there is none, or where it is broken.</summary>
    public bool TryReadRecord(out DnsRecord record)
    {
        record = default;
        while (_questions > 0)
        {
            if (!TryReadQuestion(out _, out _))
            {
                return false;
            }
        }

        ref int left = ref _answers;
        DnsSection section = DnsSection.Answer;
        if (left == 0)
        {
            left = ref _authorities;
            section = DnsSection.Authority;
        }

        if (left == 0)
        {
            left = ref _additionals;
            section = DnsSection.Additional;
        }

        if (left == 0 || !TryReadName(_position, out string name, out int end) || end + 10 > _message.Length)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(_message[(end + 8)..]);
        int data = end + 10;
        if (data + length > _message.Length)
        {
            return false;
        }

        record = new DnsRecord(
            section,
            name,
            (DnsRecordType)BinaryPrimitives.ReadUInt16BigEndian(_message[end..]),
            BinaryPrimitives.ReadUInt16BigEndian(_message[(end + 2)..]),
            BinaryPrimitives.ReadUInt32BigEndian(_message[(end + 4)..]),
            data..(data + length));
        _position = data + length;
        left--;
        return true;
    }

    /// <summary>The text of a TXT record, its character strings joined; null where it is broken or no UTF-8.</summary>
    public readonly string? ReadText(in DnsRecord record)
    {
        ReadOnlySpan<byte> data = _message[record.Data];
        Span<byte> joined = data.Length <= 1024 ? stackalloc byte[1024] : new byte[data.Length];
        int written = 0;
        while (!data.IsEmpty)
        {
            int length = data[0];
            if (1 + length > data.Length)
            {
                return null;
            }

            data.Slice(1, length).CopyTo(joined[written..]);
            written += length;
            data = data[(1 + length)..];
        }

        try
        {
            return StrictUtf8.GetString(joined[..written]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>The port and the target of an SRV record.</summary>
    public readonly bool TryReadService(in DnsRecord record, out ushort port, out string target)
    {
        port = 0;
        target = "";
        (int start, int length) = record.Data.GetOffsetAndLength(_message.Length);
        if (length < 7)
        {
            return false;
        }

        port = BinaryPrimitives.ReadUInt16BigEndian(_message[(start + 4)..]);
        return TryReadName(start + 6, out target, out int end) && end <= start + length;
    }

    /// <summary>The data of a record as it stands.</summary>
    public readonly ReadOnlySpan<byte> ReadBytes(in DnsRecord record) => _message[record.Data];

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly bool TryReadName(int start, out string name, out int end)
    {
        name = "";
        end = -1;
        Span<char> text = stackalloc char[MaxNameLength];
        int written = 0;
        int position = start;
        int lowest = start;
        while (true)
        {
            if (position >= _message.Length)
            {
                return false;
            }

            int length = _message[position];
            if ((length & 0xc0) == 0xc0)
            {
                if (position + 2 > _message.Length)
                {
                    return false;
                }

                end = end < 0 ? position + 2 : end;
                position = BinaryPrimitives.ReadUInt16BigEndian(_message[position..]) & 0x3fff;

                // Each pointer leads further to the front, so that there is no circle.
                if (position >= lowest)
                {
                    return false;
                }

                lowest = position;
                continue;
            }

            if (length > 63 || position + 1 + length > _message.Length)
            {
                return false;
            }

            if (length == 0)
            {
                end = end < 0 ? position + 1 : end;
                name = new string(text[..written]);
                return true;
            }

            if (written + length + 1 > MaxNameLength)
            {
                return false;
            }

            if (written > 0)
            {
                text[written++] = '.';
            }

            foreach (byte character in _message.Slice(position + 1, length))
            {
                text[written++] = char.ToLowerInvariant((char)character);
            }

            position += 1 + length;
        }
    }
}
