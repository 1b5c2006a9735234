using IrohRpc.Quic.Tls.Alerts;

namespace IrohRpc.Quic.Tls.Messages;

/// <summary>A ServerHello or a HelloRetryRequest as it arrived (RFC 8446, sections 4.1.3 and 4.1.4).</summary>
/// <remarks>Its spans are parts of the message.</remarks>
internal ref struct ServerHello
{
    private const ushort Tls12 = 0x0303;
    private const ushort Tls13 = 0x0304;
    private const int RandomLength = 32;

    /// <summary>The random value that marks a HelloRetryRequest: SHA-256 of that word.</summary>
    public static ReadOnlySpan<byte> RetryRandom =>
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    private static ReadOnlySpan<byte> DowngradeMark => "DOWNGRD"u8;

    /// <summary>Whether it is a HelloRetryRequest.</summary>
    public bool IsRetry { get; private set; }

    /// <summary>The cipher suite that the server chose.</summary>
    public ushort CipherSuite { get; private set; }

    /// <summary>The group of the key share, or the group that a HelloRetryRequest asks for; null where the extension is absent.</summary>
    public ushort? Group { get; private set; }

    /// <summary>The server's key; empty in a HelloRetryRequest.</summary>
    public ReadOnlySpan<byte> Key { get; private set; }

    /// <summary>Which of the offered PSKs the server chose; null where it chose none.</summary>
    public ushort? SelectedPsk { get; private set; }

    /// <summary>The cookie to return; only in a HelloRetryRequest, empty where there is none.</summary>
    public ReadOnlySpan<byte> Cookie { get; private set; }

    private ushort? Version { get; set; }

    /// <summary>Reads a ServerHello.</summary>
    /// <param name="message">The message with its header.</param>
    /// <param name="offered">What the ClientHello offered.</param>
    public static ServerHello Read(ReadOnlySpan<byte> message, OfferedExtensions offered)
    {
        ServerHello hello = default;
        var reader = new MessageReader(message[4..]);
        ushort legacyVersion = reader.ReadUInt16();
        ReadOnlySpan<byte> random = reader.ReadBytes(RandomLength);
        ReadOnlySpan<byte> sessionId = reader.ReadVector8();
        hello.CipherSuite = reader.ReadUInt16();
        byte compression = reader.ReadUInt8();
        ReadOnlySpan<byte> extensions = reader.IsAtEnd ? [] : reader.ReadVector16();
        reader.EnsureEnd();
        hello.IsRetry = random.SequenceEqual(RetryRandom);
        hello.ReadExtensions(extensions, offered);
        if (hello.Version is null)
        {
            throw random[24..31].SequenceEqual(DowngradeMark) && random[31] <= 1
                ? TlsAlertException.Illegal("The server speaks TLS 1.3 but was made to choose an older version.")
                : new TlsAlertException(AlertDescription.ProtocolVersion, "The server does not speak TLS 1.3.");
        }

        if (hello.Version != Tls13 || legacyVersion != Tls12)
        {
            throw TlsAlertException.Illegal("The server chose a version of TLS that was not offered.");
        }

        if (!sessionId.IsEmpty)
        {
            throw TlsAlertException.Illegal("The server returned a session id that was not sent.");
        }

        return compression == 0 ? hello : throw TlsAlertException.Illegal("The server chose compression.");
    }

    private void ReadExtensions(ReadOnlySpan<byte> list, OfferedExtensions offered)
    {
        var extensions = new ExtensionReader(list);
        while (extensions.Read())
        {
            var content = new MessageReader(extensions.Content);
            switch (extensions.Type)
            {
                case ExtensionType.SupportedVersions:
                    Version = content.ReadUInt16();
                    break;
                case ExtensionType.KeyShare:
                    Group = content.ReadUInt16();
                    Key = IsRetry ? [] : content.ReadVector16(1);
                    break;
                case ExtensionType.PreSharedKey when !IsRetry && offered.Contains(ExtensionType.PreSharedKey):
                    SelectedPsk = content.ReadUInt16();
                    break;
                case ExtensionType.Cookie when IsRetry:
                    Cookie = content.ReadVector16(1);
                    break;
                default:
                    throw offered.Refuse(extensions.Type, IsRetry ? "HelloRetryRequest" : "ServerHello");
            }

            content.EnsureEnd();
        }
    }
}
