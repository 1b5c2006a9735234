using System.Buffers.Binary;
using IrohRpc.Quic.Tls.Alerts;

namespace IrohRpc.Quic.Tls.Messages;

/// <summary>A ClientHello as it arrived, checked for everything that can be checked without knowing what the server wants.</summary>
/// <remarks>Its spans are parts of the message.</remarks>
internal ref struct ClientHello
{
    private const ushort Tls13 = 0x0304;
    private const ushort Ssl30 = 0x0300;
    private const int RandomLength = 32;
    private const int MaxSessionIdLength = 32;
    private const int MinBinderLength = 32;

    /// <summary>The client's random value.</summary>
    public ReadOnlySpan<byte> Random { get; private set; }

    /// <summary>The cipher suites, two bytes each, first preferred.</summary>
    public ReadOnlySpan<byte> CipherSuites { get; private set; }

    /// <summary>The groups, two bytes each, first preferred.</summary>
    public ReadOnlySpan<byte> SupportedGroups { get; private set; }

    /// <summary>The signature schemes, two bytes each; empty where the extension is absent.</summary>
    public ReadOnlySpan<byte> SignatureAlgorithms { get; private set; }

    /// <summary>The key shares: group and key, one after the other.</summary>
    public ReadOnlySpan<byte> KeyShares { get; private set; }

    /// <summary>The application protocols, each with its length in front; empty where the extension is absent.</summary>
    public ReadOnlySpan<byte> Alpns { get; private set; }

    /// <summary>The certificate types that the client can show; empty where the extension is absent.</summary>
    public ReadOnlySpan<byte> ClientCertificateTypes { get; private set; }

    /// <summary>The certificate types that the client can verify; empty where the extension is absent.</summary>
    public ReadOnlySpan<byte> ServerCertificateTypes { get; private set; }

    /// <summary>The modes in which the client accepts a PSK, one byte each; empty where the extension is absent.</summary>
    public ReadOnlySpan<byte> PskModes { get; private set; }

    /// <summary>The tickets with their ages; empty where the client offers none.</summary>
    public ReadOnlySpan<byte> PskIdentities { get; private set; }

    /// <summary>One binder for each ticket, with its length in front.</summary>
    public ReadOnlySpan<byte> PskBinders { get; private set; }

    /// <summary>How long the message is without the binders' list, which is what the binders cover.</summary>
    public int LengthWithoutBinders { get; private set; }

    /// <summary>The client's transport parameters.</summary>
    public ReadOnlySpan<byte> TransportParameters { get; private set; }

    /// <summary>Whether the client named the server.</summary>
    public bool HasServerName { get; private set; }

    /// <summary>Whether 0-RTT data follows.</summary>
    public bool HasEarlyData { get; private set; }

    /// <summary>Whether a cookie was returned.</summary>
    public bool HasCookie { get; private set; }

    private bool HasSupportedVersions { get; set; }

    private bool HasSupportedGroups { get; set; }

    private bool HasKeyShares { get; set; }

    private bool HasTransportParameters { get; set; }

    private bool HasPsk { get; set; }

    /// <summary>Reads a ClientHello.</summary>
    /// <param name="message">The message with its header.</param>
    public static ClientHello Read(ReadOnlySpan<byte> message)
    {
        ClientHello hello = default;
        var reader = new MessageReader(message[4..]);
        if (reader.ReadUInt16() <= Ssl30)
        {
            throw new TlsAlertException(AlertDescription.ProtocolVersion, "The client speaks SSL.");
        }

        hello.Random = reader.ReadBytes(RandomLength);
        int sessionIdLength = reader.ReadUInt8();
        if (sessionIdLength > MaxSessionIdLength)
        {
            throw TlsAlertException.Malformed("The session id of the ClientHello is too long.");
        }

        bool hasSessionId = !reader.ReadBytes(sessionIdLength).IsEmpty;
        hello.CipherSuites = Even(reader.ReadVector16(2));
        ReadOnlySpan<byte> compressions = reader.ReadVector8(1);
        ReadOnlySpan<byte> extensions = reader.IsAtEnd ? [] : reader.ReadVector16();
        reader.EnsureEnd();
        hello.ReadExtensions(message, extensions);
        if (!hello.HasSupportedVersions)
        {
            throw new TlsAlertException(AlertDescription.ProtocolVersion, "The client does not offer TLS 1.3.");
        }

        if (compressions is not [0])
        {
            throw TlsAlertException.Illegal("The ClientHello offers compression.");
        }

        if (hasSessionId)
        {
            throw TlsAlertException.ProtocolViolation("The ClientHello has a session id, which QUIC rules out (RFC 9001, section 8.4).");
        }

        hello.CheckExtensionsTogether();
        return hello;
    }

    /// <summary>Finds the key that the client sent for a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="key">The key.</param>
    /// <returns>Whether it sent one.</returns>
    public readonly bool TryGetKeyShare(NamedGroup group, out ReadOnlySpan<byte> key)
    {
        var reader = new MessageReader(KeyShares);
        while (!reader.IsAtEnd)
        {
            ushort candidate = reader.ReadUInt16();
            key = reader.ReadVector16(1);
            if (candidate == (ushort)group)
            {
                return true;
            }
        }

        key = default;
        return false;
    }

    /// <summary>Whether a list of two-byte values holds one.</summary>
    /// <param name="list">The list.</param>
    /// <param name="value">The value.</param>
    public static bool Contains(ReadOnlySpan<byte> list, ushort value)
    {
        for (; list.Length >= 2; list = list[2..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(list) == value)
            {
                return true;
            }
        }

        return false;
    }

    private void ReadExtensions(ReadOnlySpan<byte> message, ReadOnlySpan<byte> list)
    {
        var extensions = new ExtensionReader(list);
        while (extensions.Read())
        {
            var content = new MessageReader(extensions.Content);
            switch (extensions.Type)
            {
                case ExtensionType.ServerName:
                    ReadServerName(ref content);
                    HasServerName = true;
                    break;
                case ExtensionType.SupportedVersions:
                    HasSupportedVersions = Contains(Even(content.ReadVector8(2)), Tls13);
                    break;
                case ExtensionType.SupportedGroups:
                    SupportedGroups = Even(content.ReadVector16(2));
                    HasSupportedGroups = true;
                    break;
                case ExtensionType.SignatureAlgorithms:
                    SignatureAlgorithms = Even(content.ReadVector16(2));
                    break;
                case ExtensionType.KeyShare:
                    KeyShares = content.ReadVector16();
                    HasKeyShares = true;
                    break;
                case ExtensionType.ApplicationLayerProtocolNegotiation:
                    Alpns = ReadAlpns(content.ReadVector16(2));
                    break;
                case ExtensionType.ClientCertificateType:
                    ClientCertificateTypes = content.ReadVector8(1);
                    break;
                case ExtensionType.ServerCertificateType:
                    ServerCertificateTypes = content.ReadVector8(1);
                    break;
                case ExtensionType.PskKeyExchangeModes:
                    PskModes = content.ReadVector8(1);
                    break;
                case ExtensionType.EarlyData:
                    HasEarlyData = true;
                    break;
                case ExtensionType.Cookie:
                    content.ReadVector16(1);
                    HasCookie = true;
                    break;
                case ExtensionType.QuicTransportParameters:
                    TransportParameters = content.ReadBytes(extensions.Content.Length);
                    HasTransportParameters = true;
                    break;
                case ExtensionType.PreSharedKey:
                    ReadPsk(message, ref content, extensions.IsLast);
                    break;
                default:
                    content.ReadBytes(extensions.Content.Length);
                    break;
            }

            content.EnsureEnd();
        }
    }

    private void ReadPsk(ReadOnlySpan<byte> message, ref MessageReader content, bool isLast)
    {
        if (!isLast)
        {
            throw TlsAlertException.Illegal("pre_shared_key is not the last extension of the ClientHello.");
        }

        PskIdentities = content.ReadVector16(7);
        PskBinders = content.ReadVector16(1 + MinBinderLength);
        LengthWithoutBinders = message.Length - 2 - PskBinders.Length;
        HasPsk = true;

        var identities = new MessageReader(PskIdentities);
        var binders = new MessageReader(PskBinders);
        while (!identities.IsAtEnd)
        {
            identities.ReadVector16(1);
            identities.ReadUInt32();
            if (binders.IsAtEnd)
            {
                throw TlsAlertException.Illegal("The ClientHello has fewer PSK binders than identities.");
            }

            binders.ReadVector8(MinBinderLength);
        }

        if (!binders.IsAtEnd)
        {
            throw TlsAlertException.Illegal("The ClientHello has more PSK binders than identities.");
        }
    }

    private static void ReadServerName(ref MessageReader content)
    {
        const byte HostName = 0;
        var list = new MessageReader(content.ReadVector16(1));
        bool hasHostName = false;
        while (!list.IsAtEnd)
        {
            byte type = list.ReadUInt8();
            ReadOnlySpan<byte> name = list.ReadVector16(1);
            if (type != HostName)
            {
                continue;
            }

            if (hasHostName)
            {
                throw TlsAlertException.Illegal("The server name has two host names.");
            }

            if (name.Contains((byte)0))
            {
                throw TlsAlertException.Illegal("The server name is not a host name.");
            }

            hasHostName = true;
        }
    }

    private static ReadOnlySpan<byte> ReadAlpns(ReadOnlySpan<byte> list)
    {
        var reader = new MessageReader(list);
        while (!reader.IsAtEnd)
        {
            reader.ReadVector8(1);
        }

        return list;
    }

    private readonly void CheckExtensionsTogether()
    {
        if (!HasTransportParameters)
        {
            throw TlsAlertException.Missing("The ClientHello has no QUIC transport parameters.");
        }

        if (!HasSupportedGroups || !HasKeyShares)
        {
            throw TlsAlertException.Missing("The ClientHello lacks supported_groups or key_share.");
        }

        if (HasPsk && PskModes.IsEmpty)
        {
            throw TlsAlertException.Missing("The ClientHello has pre_shared_key without psk_key_exchange_modes.");
        }

        if (HasEarlyData && !HasPsk)
        {
            throw TlsAlertException.Illegal("The ClientHello has early_data without pre_shared_key.");
        }

        if (!HasPsk && SignatureAlgorithms.IsEmpty)
        {
            throw TlsAlertException.Missing("The ClientHello has no signature_algorithms.");
        }

        CheckKeyShares();
    }

    private readonly void CheckKeyShares()
    {
        var groups = new HashSet<ushort>();
        var reader = new MessageReader(KeyShares);
        while (!reader.IsAtEnd)
        {
            ushort group = reader.ReadUInt16();
            reader.ReadVector16(1);
            if (!groups.Add(group))
            {
                throw TlsAlertException.Illegal("The ClientHello has two key shares for one group.");
            }

            if (!Contains(SupportedGroups, group))
            {
                throw TlsAlertException.Illegal("The ClientHello has a key share for a group that it does not support.");
            }
        }
    }

    private static ReadOnlySpan<byte> Even(ReadOnlySpan<byte> list)
        => list.Length % 2 == 0 ? list : throw TlsAlertException.Malformed("A list of two-byte values has an odd length.");
}
