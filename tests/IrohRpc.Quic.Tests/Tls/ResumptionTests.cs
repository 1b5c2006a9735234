using System.Security.Cryptography;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Messages;
using IrohRpc.Quic.Tls.Resumption;
using static IrohRpc.Quic.Tests.Tls.MessageEditor;

namespace IrohRpc.Quic.Tests.Tls;

public sealed class ResumptionTests : IDisposable
{
    private readonly HandshakePair _pair = new();

    public void Dispose() => _pair.Dispose();

    [Theory]
    [InlineData(0x1301)]
    [InlineData(0x1302)]
    [InlineData(0x1303)]
    public void A_ticket_stands_in_for_certificates_on_both_sides(int suite)
    {
        _pair.ClientSuites = [.. _pair.ClientSuites.Where(candidate => candidate.Code == suite)];
        _pair.Session = _pair.RunForSession();
        bool hasCertificate = false;
        _pair.Tamper = (isToServer, level, data) =>
        {
            hasCertificate |= Split(data).Any(message => message[0] == (byte)HandshakeType.Certificate);
            return data;
        };
        _pair.Run();
        AssertResumed(true);
        Assert.False(hasCertificate);
        Assert.Equal(_pair.ServerId, _pair.Client.PeerId);
        Assert.Equal(_pair.ClientId, _pair.Server.PeerId);
        Assert.Equal(2, _pair.ClientSink.Sessions.Count);
    }

    [Fact]
    public void A_resumed_session_can_be_resumed_again()
    {
        _pair.Session = _pair.RunForSession();
        for (int i = 0; i < 3; i++)
        {
            _pair.Run();
            AssertResumed(true);
            _pair.Session = _pair.ClientSink.Sessions[1];
        }
    }

    [Fact]
    public void A_suite_with_the_same_hash_resumes_and_one_with_another_does_not()
    {
        _pair.ClientSuites = [CipherSuite.Aes128Gcm];
        _pair.Session = _pair.RunForSession();
        _pair.ClientSuites = [CipherSuite.ChaCha20Poly1305, CipherSuite.Aes128Gcm];
        _pair.Run();
        AssertResumed(true);
        Assert.Equal(CipherSuite.ChaCha20Poly1305, _pair.Client.Suite);

        _pair.Session = _pair.RunForSession();
        _pair.ClientSuites = [CipherSuite.Aes256Gcm, CipherSuite.ChaCha20Poly1305];
        _pair.Run();
        AssertResumed(false);
    }

    [Fact]
    public void Another_peer_another_ALPN_or_too_much_time_make_a_full_handshake()
    {
        TlsSession session = _pair.RunForSession();
        _pair.Time.Advance(TicketKeys.Period);
        _pair.Session = session;
        _pair.Run();
        AssertResumed(false);

        _pair.Session = _pair.RunForSession();
        _pair.ClientAlpns = ["echo/2"];
        _pair.ServerAlpns = ["echo/2"];
        _pair.Run();
        AssertResumed(false);
    }

    [Fact]
    public void A_server_with_other_keys_makes_a_full_handshake()
    {
        _pair.Session = _pair.RunForSession();
        _pair.TicketKeys = new TicketKeys(_pair.Time);
        _pair.Run();
        AssertResumed(false);
    }

    [Fact]
    public void A_server_that_keeps_its_secret_resumes_after_a_restart()
    {
        byte[] secret = RandomNumberGenerator.GetBytes(TicketKeys.SecretLength);
        _pair.TicketKeys = new TicketKeys(_pair.Time, secret);
        _pair.Session = _pair.RunForSession();
        _pair.TicketKeys = new TicketKeys(_pair.Time, secret);
        _pair.Run();
        AssertResumed(true);
    }

    [Fact]
    public void A_server_without_ticket_keys_issues_and_takes_none()
    {
        _pair.Session = _pair.RunForSession();
        _pair.TicketKeys = null;
        _pair.Run();
        AssertResumed(false);
        Assert.Empty(_pair.ClientSink.Sessions);
    }

    [Theory]
    [InlineData(NamedGroup.Secp256r1)]
    internal void A_HelloRetryRequest_does_not_stand_in_the_way(NamedGroup group)
    {
        _pair.Session = _pair.RunForSession();
        _pair.ServerGroups = [group];
        _pair.Run();
        AssertResumed(true);
    }

    [Fact]
    public void A_wrong_binder_is_refused()
    {
        _pair.Session = _pair.RunForSession();
        _pair.Tamper = (isToServer, level, data) => isToServer && level == EncryptionLevel.Initial
            ? [.. data[..^1], (byte)(data[^1] ^ 1)]
            : data;
        (TlsAlertException alert, bool isServers) = _pair.RunToFailure();
        Assert.True(isServers);
        Assert.Equal(AlertDescription.DecryptError, alert.Alert);
    }

    [Theory]
    [InlineData("another PSK than offered", 1)]
    [InlineData("no key share", 2)]
    [InlineData("a PSK in a suite with another hash", 3)]
    public void A_server_that_takes_a_ticket_wrongly_is_refused(string name, int which)
    {
        _pair.Session = _pair.RunForSession();
        _pair.Tamper = (isToServer, level, data) => isToServer || level != EncryptionLevel.Initial ? data : which switch
        {
            1 => Replace(data, 41, 0, 1),
            2 => Remove(data, 51),
            _ => WithBody(data, body => [.. body[..35], 0x13, 2, .. body[37..]]),
        };
        (TlsAlertException alert, bool isServers) = _pair.RunToFailure();
        Assert.False(isServers, name);
        Assert.Equal(which == 2 ? AlertDescription.MissingExtension : AlertDescription.IllegalParameter, alert.Alert);
    }

    [Theory]
    [InlineData(HandshakeType.CertificateRequest)]
    [InlineData(HandshakeType.Certificate)]
    internal void A_server_that_resumes_sends_no_certificate(HandshakeType type)
    {
        _pair.Session = _pair.RunForSession();
        _pair.Tamper = (isToServer, level, data) => isToServer
            ? data
            : Edit(data, HandshakeType.Finished, message => [.. Message(type, new byte[12]), .. message]);
        Assert.Equal(AlertDescription.UnexpectedMessage, _pair.RunToFailure().Alert.Alert);
    }

    [Fact]
    public void Early_data_is_accepted_once_with_secrets_that_agree()
    {
        OfferEarlyData();
        _pair.Run();
        AssertResumed(true);
        Assert.Equal(EarlyDataStatus.Accepted, _pair.Client.EarlyData);
        Assert.Equal(EarlyDataStatus.Accepted, _pair.Server.EarlyData);
        Assert.Equal(
            _pair.ClientSink.Secret(EncryptionLevel.ZeroRtt, SecretDirection.Write), _pair.ServerSink.Secret(EncryptionLevel.ZeroRtt, SecretDirection.Read));
        Assert.Equal(HandshakePair.ServerParameters, _pair.Client.RememberedTransportParameters);
        Assert.Equal((EncryptionLevel.ZeroRtt, SecretDirection.Write), (_pair.ClientSink.Secrets[0].Level, _pair.ClientSink.Secrets[0].Direction));
        Assert.Equal((EncryptionLevel.ZeroRtt, SecretDirection.Read), (_pair.ServerSink.Secrets[0].Level, _pair.ServerSink.Secrets[0].Direction));
    }

    [Fact]
    public void A_ClientHello_that_is_replayed_is_resumed_without_its_early_data()
    {
        OfferEarlyData();
        byte[]? hello = null;
        _pair.Tamper = (isToServer, level, data) => isToServer && level == EncryptionLevel.Initial ? hello = data : data;
        _pair.Run();
        Assert.Equal(EarlyDataStatus.Accepted, _pair.Server.EarlyData);
        _pair.Session = null;
        _pair.Prepare();
        _pair.Server.Receive(EncryptionLevel.Initial, hello);
        Assert.True(_pair.Server.IsResumed);
        Assert.Equal(EarlyDataStatus.Rejected, _pair.Server.EarlyData);
        Assert.DoesNotContain(_pair.ServerSink.Secrets, secret => secret.Level == EncryptionLevel.ZeroRtt);
    }

    [Fact]
    public void A_ClientHello_that_was_held_back_is_resumed_without_its_early_data()
    {
        OfferEarlyData();
        _pair.Prepare();
        _pair.Time.Advance(EarlyDataReplayFilter.Window + TimeSpan.FromSeconds(1));
        _pair.Server.Receive(EncryptionLevel.Initial, _pair.ClientSink.Output.Dequeue().Data);
        Assert.True(_pair.Server.IsResumed);
        Assert.Equal(EarlyDataStatus.Rejected, _pair.Server.EarlyData);
    }

    [Theory]
    [InlineData("other limits")]
    [InlineData("off")]
    [InlineData("a filter younger than the ticket")]
    [InlineData("HelloRetryRequest")]
    [InlineData("other suite")]
    public void Early_data_is_rejected_when_something_has_changed(string what)
    {
        OfferEarlyData();
        switch (what)
        {
            case "other limits":
                _pair.EarlyDataContext = [1, 2, 4];
                break;
            case "off":
                _pair.ReplayFilter = null;
                break;
            case "a filter younger than the ticket":
                _pair.Time.Advance(TimeSpan.FromSeconds(1));
                _pair.ReplayFilter = new EarlyDataReplayFilter(_pair.Time);
                break;
            case "HelloRetryRequest":
                _pair.ServerGroups = [NamedGroup.Secp256r1];
                break;
            default:
                _pair.ServerSuites = [CipherSuite.ChaCha20Poly1305];
                break;
        }

        _pair.Run();
        AssertResumed(true);
        Assert.Equal(EarlyDataStatus.Rejected, _pair.Client.EarlyData);
        Assert.Equal(EarlyDataStatus.Rejected, _pair.Server.EarlyData);
        Assert.Null(_pair.Client.RememberedTransportParameters);
    }

    [Fact]
    public void Early_data_of_another_ALPN_is_rejected()
    {
        _pair.ClientAlpns = ["echo/1", "echo/2"];
        OfferEarlyData();
        _pair.ServerAlpns = ["echo/2", "echo/1"];
        _pair.Run();
        AssertResumed(true);
        Assert.Equal("echo/2", _pair.Client.Alpn);
        Assert.Equal(EarlyDataStatus.Rejected, _pair.Client.EarlyData);
    }

    [Fact]
    public void Early_data_is_not_offered_unless_asked_for()
    {
        OfferEarlyData();
        _pair.OffersEarlyData = false;
        _pair.Run();
        AssertResumed(true);
        Assert.Equal(EarlyDataStatus.None, _pair.Client.EarlyData);
        Assert.Equal(EarlyDataStatus.None, _pair.Server.EarlyData);
    }

    [Fact]
    public void A_server_that_accepts_early_data_without_its_session_is_refused()
    {
        OfferEarlyData();
        _pair.TicketKeys = new TicketKeys(_pair.Time);
        _pair.Tamper = (isToServer, level, data) => isToServer
            ? data
            : Edit(data, HandshakeType.EncryptedExtensions, message => Append(message, 42));
        (TlsAlertException alert, bool isServers) = _pair.RunToFailure();
        Assert.False(isServers);
        Assert.Equal(AlertDescription.IllegalParameter, alert.Alert);
    }

    [Theory]
    [InlineData("lifetime of eight days", 0x12f)]
    [InlineData("limited early data", 0x0a)]
    [InlineData("empty ticket", 0x132)]
    [InlineData("trailing byte", 0x132)]
    [InlineData("extension twice", 0x12f)]
    public void A_ticket_that_breaks_a_rule_is_refused(string name, ulong code)
    {
        _pair.ReplayFilter = new EarlyDataReplayFilter(_pair.Time);
        byte[] Break(byte[] message) => name switch
        {
            "lifetime of eight days" => WithBody(message, body => [0, 0x0a, 0x8c, 0x00, .. body[4..]]),
            "limited early data" => Replace(message, 42, 0, 0, 0x40, 0),
            "empty ticket" => Message(HandshakeType.NewSessionTicket, [0, 0, 1, 0, .. new byte[4], 0, 0, 0, 0, 0]),
            "trailing byte" => WithBody(message, body => [.. body, 0]),
            _ => Duplicate(message, 42),
        };
        _pair.Tamper = (isToServer, level, data) => level == EncryptionLevel.OneRtt ? Edit(data, HandshakeType.NewSessionTicket, Break) : data;
        (TlsAlertException alert, bool isServers) = _pair.RunToFailure();
        Assert.False(isServers);
        Assert.Equal(code, alert.ErrorCode);
    }

    [Fact]
    public void Anything_may_stand_where_a_ticket_should()
    {
        using var keys = new TicketKeys(_pair.Time);
        var random = new Random(1);
        for (int length = 0; length < 300; length++)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            Assert.Null(keys.Open(bytes));
        }
    }

    [Fact]
    public void Each_bit_of_a_ticket_counts()
    {
        using TlsSession session = _pair.RunForSession();
        for (int bit = 0; bit < session.Ticket.Length * 8; bit++)
        {
            byte[] changed = [.. session.Ticket];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(_pair.TicketKeys!.Open(changed));
        }
    }

    private void OfferEarlyData()
    {
        _pair.EarlyDataContext = [1, 2, 3];
        _pair.ReplayFilter = new EarlyDataReplayFilter(_pair.Time);
        _pair.Session = _pair.RunForSession();
        _pair.OffersEarlyData = true;
    }

    private void AssertResumed(bool expected)
    {
        Assert.True(_pair.Client.IsComplete);
        Assert.True(_pair.Server.IsComplete);
        Assert.Equal(expected, _pair.Client.IsResumed);
        Assert.Equal(expected, _pair.Server.IsResumed);
    }
}
