using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace IrohRpc.Reach.Lookup.Dns;

/// <summary>Writes a DNS message (RFC 1035, section 4), with names compressed. What does not fit is left out, and <see cref="IsTooLong"/> says so.</summary>
internal sealed class DnsMessageWriter
{
    private const int HeaderLength = 12;
    private const ushort Internet = 1;

    private readonly byte[] _buffer;
    private readonly Dictionary<string, int> _names = new(StringComparer.OrdinalIgnoreCase);
    private int _position = HeaderLength;

    /// <summary>Begins a message.</summary>
    /// <param name="maxLength">How long it may become.</param>
    /// <param name="flags">The flags and codes of the header: 0x8000 is a response, 0x0400 an authoritative one.</param>
    public DnsMessageWriter(int maxLength, ushort flags)
    {
        _buffer = new byte[maxLength];
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(2), flags);
    }

    /// <summary>Whether something did not fit.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _position);

    /// <summary>Asks a question.</summary>
    public void Question(string name, DnsRecordType type)
    {
        int start = _position;
        if (TryName(name) && TryUInt16((ushort)type) && TryUInt16(Internet))
        {
            Count(4);
        }
        else
        {
            GiveUp(start);
        }
    }

    /// <summary>Adds a TXT record with one text, of at most 255 bytes a piece.</summary>
    public void Text(DnsSection section, string name, string text, uint timeToLive)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int pieces = Math.Max(1, (bytes.Length + 254) / 255);
        var data = new byte[bytes.Length + pieces];
        int written = 0;
        for (int i = 0; i < pieces; i++)
        {
            ReadOnlySpan<byte> piece = bytes.AsSpan(i * 255, Math.Min(255, bytes.Length - (i * 255)));
            data[written] = (byte)piece.Length;
            piece.CopyTo(data.AsSpan(written + 1));
            written += 1 + piece.Length;
        }

        Record(section, name, DnsRecordType.Txt, timeToLive, data);
    }

    /// <summary>Adds an A or AAAA record.</summary>
    public void Address(DnsSection section, string name, IPAddress address, uint timeToLive)
    {
        byte[] bytes = address.GetAddressBytes();
        Record(section, name, bytes.Length == 4 ? DnsRecordType.A : DnsRecordType.Aaaa, timeToLive, bytes);
    }

    /// <summary>Adds an SRV record.</summary>
    public void Service(DnsSection section, string name, ushort port, string target, uint timeToLive)
    {
        int start = _position;
        if (!TryHead(name, DnsRecordType.Srv, timeToLive) || !TryUInt16(0))
        {
            GiveUp(start);
            return;
        }

        int length = _position - 2;

        // The target of an SRV record is not compressed (RFC 2782).
        if (TryUInt16(0) && TryUInt16(0) && TryUInt16(port) && TryName(target, compress: false))
        {
            BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(length), (ushort)(_position - length - 2));
            Count(section);
        }
        else
        {
            GiveUp(start);
        }
    }

    private void Record(DnsSection section, string name, DnsRecordType type, uint timeToLive, ReadOnlySpan<byte> data)
    {
        int start = _position;
        if (TryHead(name, type, timeToLive) && TryUInt16((ushort)data.Length) && data.Length <= _buffer.Length - _position)
        {
            data.CopyTo(_buffer.AsSpan(_position));
            _position += data.Length;
            Count(section);
        }
        else
        {
            GiveUp(start);
        }
    }

    private bool TryHead(string name, DnsRecordType type, uint timeToLive)
        => TryName(name) && TryUInt16((ushort)type) && TryUInt16(Internet) && TryUInt16((ushort)(timeToLive >> 16)) && TryUInt16((ushort)timeToLive);

    private bool TryName(string name, bool compress = true)
    {
        while (name.Length > 0)
        {
            if (compress && _names.TryGetValue(name, out int known))
            {
                return TryUInt16((ushort)(0xc000 | known));
            }

            int dot = name.IndexOf('.', StringComparison.Ordinal);
            string label = dot < 0 ? name : name[..dot];
            if (label.Length is 0 or > 63 || 1 + label.Length > _buffer.Length - _position)
            {
                return false;
            }

            if (compress && _position < 0x4000)
            {
                _names.Add(name, _position);
            }

            _buffer[_position] = (byte)label.Length;
            Encoding.ASCII.GetBytes(label, _buffer.AsSpan(_position + 1));
            _position += 1 + label.Length;
            name = dot < 0 ? "" : name[(dot + 1)..];
        }

        if (_position == _buffer.Length)
        {
            return false;
        }

        _buffer[_position++] = 0;
        return true;
    }

    private bool TryUInt16(ushort value)
    {
        if (_buffer.Length - _position < 2)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(_position), value);
        _position += 2;
        return true;
    }

    private void Count(DnsSection section) => Count(6 + (2 * (int)section));

    private void Count(int offset)
    {
        Span<byte> field = _buffer.AsSpan(offset, 2);
        BinaryPrimitives.WriteUInt16BigEndian(field, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(field) + 1));
    }

    private void GiveUp(int start)
    {
        IsTooLong = true;
        _position = start;
        foreach ((string name, int position) in _names.ToArray())
        {
            if (position >= start)
            {
                _names.Remove(name);
            }
        }
    }
}
