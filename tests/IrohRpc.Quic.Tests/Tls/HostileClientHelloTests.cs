using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Messages;
using static IrohRpc.Quic.Tests.Tls.MessageEditor;

namespace IrohRpc.Quic.Tests.Tls;

/// <summary>What a server does with a ClientHello that breaks a rule: one alert, the one that RFC 8446 names.</summary>
public sealed class HostileClientHelloTests : IDisposable
{
    private const int ServerName = 0;
    private const int Groups = 10;
    private const int Signatures = 13;
    private const int Alpn = 16;
    private const int ClientType = 19;
    private const int ServerType = 20;
    private const int Versions = 43;
    private const int PskModes = 45;
    private const int KeyShares = 51;
    private const int Parameters = 57;

    private static readonly byte[] GoodX25519 = Convert.FromHexString("99381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c");

    private static readonly Dictionary<string, (AlertDescription? Alert, Func<byte[], byte[]> Edit)> Cases = new()
    {
        ["body is cut by one byte"] = (AlertDescription.DecodeError, m => WithBody(m, b => b[..^1])),
        ["one byte behind the extensions"] = (AlertDescription.DecodeError, m => WithBody(m, b => [.. b, 0])),
        ["empty body"] = (AlertDescription.DecodeError, m => WithBody(m, _ => [])),
        ["no extensions at all"] = (AlertDescription.ProtocolVersion, m => WithBody(m, b => b[..(2 + 32 + 1 + 2 + 6 + 2)])),
        ["legacy version of SSL 3.0"] = (AlertDescription.ProtocolVersion, m => WithBody(m, b => [3, 0, .. b[2..]])),
        ["session id of 33 bytes"] = (AlertDescription.DecodeError, m => WithBody(m, b => [.. b[..34], 33, .. new byte[33], .. b[35..]])),
        ["session id"] = (null, m => WithBody(m, b => [.. b[..34], 32, .. new byte[32], .. b[35..]])),
        ["odd length of cipher suites"] = (AlertDescription.DecodeError, m => WithBody(m, b => [.. b[..35], 0, 7, .. b[37..43], 0, .. b[43..]])),
        ["no cipher suite"] = (AlertDescription.DecodeError, m => WithBody(m, b => [.. b[..35], 0, 0, .. b[43..]])),
        ["unknown cipher suites only"] = (AlertDescription.HandshakeFailure, m => WithBody(m, b => [.. b[..37], 0x13, 4, 0x13, 5, 0xc0, 0x2b, .. b[43..]])),
        ["compression offered"] = (AlertDescription.IllegalParameter, m => WithBody(m, b => [.. b[..43], 2, 1, 0, .. b[45..]])),
        ["no null compression"] = (AlertDescription.IllegalParameter, m => WithBody(m, b => [.. b[..43], 1, 1, .. b[45..]])),
        ["no compression list"] = (AlertDescription.DecodeError, m => WithBody(m, b => [.. b[..43], 0, .. b[45..]])),

        ["no supported_versions"] = (AlertDescription.ProtocolVersion, m => Remove(m, Versions)),
        ["TLS 1.2 only"] = (AlertDescription.ProtocolVersion, m => Replace(m, Versions, 2, 3, 3)),
        ["empty supported_versions"] = (AlertDescription.DecodeError, m => Replace(m, Versions, 0)),
        ["odd supported_versions"] = (AlertDescription.DecodeError, m => Replace(m, Versions, 3, 3, 4, 3)),
        ["trailing byte in supported_versions"] = (AlertDescription.DecodeError, m => Replace(m, Versions, 2, 3, 4, 0)),

        ["no supported_groups"] = (AlertDescription.MissingExtension, m => Remove(m, Groups)),
        ["empty supported_groups"] = (AlertDescription.DecodeError, m => Replace(m, Groups, 0, 0)),
        ["no common group"] = (AlertDescription.HandshakeFailure, m => Replace(Replace(m, Groups, 0, 2, 0, 0x18), KeyShares, 0, 0)),
        ["no key_share extension"] = (AlertDescription.MissingExtension, m => Remove(m, KeyShares)),
        ["key share of a group that is not supported"] = (AlertDescription.IllegalParameter, m => Replace(m, Groups, 0, 2, 0, 0x17)),
        ["two key shares of one group"] = (AlertDescription.IllegalParameter, m => Replace(
            m, KeyShares, Vector16([.. Share(0x1d, GoodX25519), .. Share(0x1d, GoodX25519)]))),
        ["X25519 key of 31 bytes"] = (AlertDescription.IllegalParameter, m => Replace(m, KeyShares, Vector16(Share(0x1d, GoodX25519[..31])))),
        ["X25519 key of 33 bytes"] = (AlertDescription.IllegalParameter, m => Replace(m, KeyShares, Vector16(Share(0x1d, [.. GoodX25519, 0])))),
        ["empty X25519 key"] = (AlertDescription.DecodeError, m => Replace(m, KeyShares, Vector16(Share(0x1d, [])))),
        ["compressed P-256 key"] = (AlertDescription.IllegalParameter, m => Replace(m, KeyShares, Vector16(Share(0x17, [2, .. new byte[32]])))),
        ["P-256 key off the curve"] = (AlertDescription.IllegalParameter, m => Replace(m, KeyShares, Vector16(Share(0x17, [4, .. Filled(64, 1)])))),
        ["P-256 key at infinity"] = (AlertDescription.IllegalParameter, m => Replace(m, KeyShares, Vector16(Share(0x17, [0])))),
        ["P-256 key of zeros"] = (AlertDescription.IllegalParameter, m => Replace(m, KeyShares, Vector16(Share(0x17, [4, .. new byte[64]])))),
        ["P-256 key beyond the field"] = (AlertDescription.IllegalParameter, m => Replace(m, KeyShares, Vector16(Share(0x17, [4, .. Filled(64, 0xff)])))),
        ["hybrid P-256 key"] = (AlertDescription.IllegalParameter, m => Replace(m, KeyShares, Vector16(Share(0x17, [6, .. Filled(64, 1)])))),
        ["trailing byte in key_share"] = (AlertDescription.DecodeError, m => Replace(m, KeyShares, [.. Vector16(Share(0x1d, GoodX25519)), 0])),

        ["no signature_algorithms"] = (AlertDescription.MissingExtension, m => Remove(m, Signatures)),
        ["no common signature scheme"] = (AlertDescription.HandshakeFailure, m => Replace(m, Signatures, 0, 2, 8, 4)),
        ["odd signature_algorithms"] = (AlertDescription.DecodeError, m => Replace(m, Signatures, 0, 3, 8, 7, 8)),

        ["no ALPN"] = (AlertDescription.NoApplicationProtocol, m => Remove(m, Alpn)),
        ["unknown ALPN"] = (AlertDescription.NoApplicationProtocol, m => Replace(m, Alpn, Vector16(Vector8("other"u8.ToArray())))),
        ["empty ALPN in the list"] = (AlertDescription.DecodeError, m => Replace(m, Alpn, 0, 1, 0)),
        ["empty ALPN list"] = (AlertDescription.DecodeError, m => Replace(m, Alpn, 0, 0)),
        ["ALPN cut"] = (AlertDescription.DecodeError, m => Replace(m, Alpn, 0, 3, 6, (byte)'e', (byte)'c')),

        ["no transport parameters"] = (AlertDescription.MissingExtension, m => Remove(m, Parameters)),
        ["unknown certificate types only"] = (AlertDescription.UnsupportedCertificate, m => Replace(m, ClientType, 1, 1)),
        ["unknown server certificate types only"] = (AlertDescription.UnsupportedCertificate, m => Replace(m, ServerType, 1, 3)),
        ["empty certificate types"] = (AlertDescription.DecodeError, m => Replace(m, ServerType, 0)),
        ["trailing byte in certificate types"] = (AlertDescription.DecodeError, m => Replace(m, ServerType, 1, 2, 0)),

        ["two host names"] = (AlertDescription.IllegalParameter, m => Replace(m, ServerName, Vector16([0, 0, 1, (byte)'a', 0, 0, 1, (byte)'b']))),
        ["empty host name"] = (AlertDescription.DecodeError, m => Replace(m, ServerName, Vector16([0, 0, 0]))),
        ["empty server_name"] = (AlertDescription.DecodeError, m => Replace(m, ServerName)),
        ["host name with a zero"] = (AlertDescription.IllegalParameter, m => Replace(m, ServerName, Vector16([0, 0, 1, 0]))),

        ["early_data without PSK"] = (AlertDescription.IllegalParameter, m => Insert(m, 42)),
        ["early_data with content"] = (AlertDescription.DecodeError, m => Insert(m, 42, 0)),
        ["PSK not last"] = (AlertDescription.IllegalParameter, m => Insert(m, 41, Psk([Identity(8)], [32]))),
        ["PSK without modes"] = (AlertDescription.MissingExtension, m => Append(Remove(m, PskModes), 41, Psk([Identity(8)], [32]))),
        ["PSK without identities"] = (AlertDescription.DecodeError, m => Append(m, 41, Psk([], [32]))),
        ["PSK without binders"] = (AlertDescription.DecodeError, m => Append(m, 41, Psk([Identity(8)], []))),
        ["PSK with more binders than identities"] = (AlertDescription.IllegalParameter, m => Append(m, 41, Psk([Identity(8)], [32, 32]))),
        ["PSK with fewer binders than identities"] = (AlertDescription.IllegalParameter, m => Append(m, 41, Psk([Identity(8), Identity(8)], [32]))),
        ["PSK with an empty identity"] = (AlertDescription.DecodeError, m => Append(m, 41, Psk([Identity(0), Identity(8)], [32, 32]))),
        ["PSK binder of 31 bytes"] = (AlertDescription.DecodeError, m => Append(m, 41, Psk([Identity(8)], [31, 32]))),
        ["PSK with a trailing byte"] = (AlertDescription.DecodeError, m => Append(m, 41, [.. Psk([Identity(8)], [32]), 0])),
        ["empty PSK modes"] = (AlertDescription.DecodeError, m => Replace(m, PskModes, 0)),
        ["extension cut"] = (AlertDescription.DecodeError, m => Replace(m, Parameters).Reverse().Skip(1).Reverse().ToArray()),
        ["more than 64 extensions"] = (AlertDescription.IllegalParameter, m => WithExtensions(
            m, list => list.InsertRange(0, Enumerable.Range(0x7000, 65).Select(type => (type, Array.Empty<byte>()))))),
    };

    private readonly HandshakePair _pair = new();

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    public static TheoryData<int> Extensions => [0, 10, 13, 16, 19, 20, 43, 45, 51, 57];

    public static TheoryData<string> SmallOrderPoints =>
    [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ];

    public void Dispose() => _pair.Dispose();

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void A_ClientHello_that_breaks_a_rule_fails_with_the_alert_for_it(string name)
    {
        (AlertDescription? alert, Func<byte[], byte[]> edit) = Cases[name];
        TlsAlertException failure = FailWith(edit);
        Assert.Equal(alert, failure.Alert);
        Assert.Equal(alert is { } known ? 0x100ul + (byte)known : 0x0aul, failure.ErrorCode);
        Assert.Empty(_pair.ServerSink.Output);
    }

    [Theory]
    [MemberData(nameof(Extensions))]
    public void An_extension_that_occurs_twice_is_refused(int type)
        => Assert.Equal(AlertDescription.IllegalParameter, FailWith(message => Duplicate(message, type)).Alert);

    [Fact]
    public void An_unknown_extension_that_occurs_twice_is_refused()
        => Assert.Equal(AlertDescription.IllegalParameter, FailWith(message => Insert(Insert(message, 0x1a1a), 0x1a1a)).Alert);

    [Theory]
    [MemberData(nameof(SmallOrderPoints))]
    public void An_X25519_key_of_small_order_is_refused(string point)
        => Assert.Equal(
            AlertDescription.IllegalParameter,
            FailWith(message => Replace(message, KeyShares, Vector16(Share(0x1d, Convert.FromHexString(point))))).Alert);

    [Fact]
    public void Every_cut_of_the_ClientHello_is_refused_as_malformed_or_incomplete()
    {
        _pair.Prepare();
        byte[] hello = _pair.ClientSink.Output.Dequeue().Data;
        for (int length = 0; length < hello.Length - 4; length++)
        {
            _pair.Prepare();
            byte[] cut = Message(HandshakeType.ClientHello, hello[4..(4 + length)]);
            TlsAlertException failure = Assert.Throws<TlsAlertException>(() => _pair.Server.Receive(EncryptionLevel.Initial, cut));
            Assert.True(failure.Alert is AlertDescription.DecodeError or AlertDescription.ProtocolVersion, $"{length}: {failure.Message}");
        }
    }

    [Fact]
    public void What_a_client_may_add_is_ignored()
    {
        _pair.Tamper = (isToServer, level, data) => !isToServer || level != EncryptionLevel.Initial ? data : Edit(data, HandshakeType.ClientHello, message =>
        {
            // Values of RFC 8701, an unknown group's key share first, and padding. The transcripts differ then, which ends the handshake later.
            byte[] x25519 = Content(message, KeyShares)[2..];
            message = Replace(message, KeyShares, Vector16([.. Share(0x1a1a, [0]), .. Share(0x11ec, Filled(1216, 5)), .. x25519]));
            message = Replace(message, Groups, Vector16([0x1a, 0x1a, 0x11, 0xec, 0, 0x1d]));
            message = Replace(message, Versions, Vector8(0x2a, 0x2a, 3, 4, 3, 3));
            return Insert(Insert(message, 21, new byte[300]), 0x3a3a, 1, 2, 3);
        });
        (TlsAlertException alert, bool isServers) = _pair.RunToFailure();
        Assert.False(isServers);
        Assert.Equal(AlertDescription.DecryptError, alert.Alert);
        Assert.Equal("echo/1", _pair.Server.Alpn);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(20)]
    [InlineData(24)]
    [InlineData(0)]
    [InlineData(67)]
    [InlineData(254)]
    public void No_other_message_may_come_first(int type)
    {
        _pair.Prepare();
        byte[] message = Message((HandshakeType)type, new byte[40]);
        TlsAlertException failure = Assert.Throws<TlsAlertException>(() => _pair.Server.Receive(EncryptionLevel.Initial, message));
        Assert.Equal(AlertDescription.UnexpectedMessage, failure.Alert);
    }

    [Fact]
    public void A_second_ClientHello_is_refused()
    {
        _pair.Prepare();
        byte[] hello = _pair.ClientSink.Output.Dequeue().Data;
        TlsAlertException failure = Assert.Throws<TlsAlertException>(
            () => _pair.Server.Receive(EncryptionLevel.Initial, (byte[])[.. hello, .. hello]));
        Assert.Equal(AlertDescription.UnexpectedMessage, failure.Alert);

        _pair.Prepare();
        _pair.Server.Receive(EncryptionLevel.Initial, _pair.ClientSink.Output.Dequeue().Data);
        failure = Assert.Throws<TlsAlertException>(() => _pair.Server.Receive(EncryptionLevel.Initial, hello));
        Assert.Equal(0x0aul, failure.ErrorCode);
    }

    [Theory]
    [InlineData(EncryptionLevel.Handshake)]
    [InlineData(EncryptionLevel.OneRtt)]
    [InlineData(EncryptionLevel.ZeroRtt)]
    internal void A_ClientHello_at_another_level_is_refused(EncryptionLevel level)
    {
        _pair.Prepare();
        byte[] hello = _pair.ClientSink.Output.Dequeue().Data;
        TlsAlertException failure = Assert.Throws<TlsAlertException>(() => _pair.Server.Receive(level, hello));
        Assert.True(failure.ErrorCode is 0x0a or 0x10a);
    }

    [Fact]
    public void A_message_that_says_it_is_longer_than_the_limit_is_refused_at_its_header()
    {
        _pair.Prepare();
        TlsAlertException failure = Assert.Throws<TlsAlertException>(() => _pair.Server.Receive(EncryptionLevel.Initial, (byte[])[1, 0, 0x40, 1]));
        Assert.Equal(AlertDescription.DecodeError, failure.Alert);
    }

    [Fact]
    public void Nothing_can_be_done_with_a_handshake_that_has_failed()
    {
        FailWith(message => Remove(message, Alpn));
        Assert.Throws<ObjectDisposedException>(() => _pair.Server.Receive(EncryptionLevel.Initial, (byte[])[1]));
        Assert.Throws<ObjectDisposedException>(() => _pair.Server.ExportKeyingMaterial("label", [], new byte[1]));
    }

    private static byte[] Share(int group, byte[] key) => [.. UInt16(group), .. Vector16(key)];

    private static byte[] Filled(int length, byte value) => [.. Enumerable.Repeat(value, length)];

    private static byte[] Identity(int length) => [.. Vector16(new byte[length]), 0, 0, 0, 0];

    private static byte[] Psk(byte[][] identities, byte[] binderLengths)
        => [.. Vector16([.. identities.SelectMany(identity => identity)]), .. Vector16([.. binderLengths.SelectMany(length => Vector8(new byte[length]))])];

    private TlsAlertException FailWith(Func<byte[], byte[]> edit)
    {
        _pair.Prepare();
        byte[] hello = edit(_pair.ClientSink.Output.Dequeue().Data);
        byte[] message = Message(HandshakeType.ClientHello, hello[4..]);
        return Assert.Throws<TlsAlertException>(() => _pair.Server.Receive(EncryptionLevel.Initial, message));
    }
}
