using IrohRpc.Quic.Tls.Alerts;

namespace IrohRpc.Quic.Tls.Messages;

/// <summary>Walks a list of extensions and refuses one that occurs twice (RFC 8446, section 4.2).</summary>
internal ref struct ExtensionReader
{
    private const int MaxExtensions = 64;

    private readonly HashSet<ushort> _seen = [];
    private MessageReader _list;

    /// <summary>Starts at the first extension.</summary>
    /// <param name="list">The list without its length.</param>
    public ExtensionReader(ReadOnlySpan<byte> list) => _list = new MessageReader(list);

    /// <summary>The extension that <see cref="Read"/> found.</summary>
    public ExtensionType Type { get; private set; }

    /// <summary>Its content.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>Whether it is the last of the list.</summary>
    public readonly bool IsLast => _list.IsAtEnd;

    /// <summary>Moves to the next extension.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Read()
    {
        if (_list.IsAtEnd)
        {
            return false;
        }

        ushort type = _list.ReadUInt16();
        Content = _list.ReadVector16();
        Type = (ExtensionType)type;
        if (!_seen.Add(type))
        {
            throw TlsAlertException.Illegal($"Extension {type} occurs twice in one message.");
        }

        if (_seen.Count > MaxExtensions)
        {
            throw TlsAlertException.Illegal($"A message has more than {MaxExtensions} extensions.");
        }

        return true;
    }
}
