using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Messages;

namespace IrohRpc.Quic.Tests.Tls;

public sealed class FullHandshakeTests : IDisposable
{
    private readonly HandshakePair _pair = new();

    public static TheoryData<int, int> TypesOfBothSides => new()
    {
        { -1, -1 }, { 2, -1 }, { -1, 2 }, { 0, -1 }, { -1, 0 }, { 2, 2 }, { 0, 0 },
    };

    public void Dispose() => _pair.Dispose();

    [Theory]
    [InlineData(0x1301)]
    [InlineData(0x1302)]
    [InlineData(0x1303)]
    public void Both_sides_agree_with_each_cipher_suite(int code)
    {
        _pair.ClientSuites = [.. _pair.ClientSuites.Where(suite => suite.Code == code)];
        _pair.Run();
        AssertAgreed();
        Assert.Equal(code, _pair.Client.Suite!.Code);
    }

    [Theory]
    [InlineData(NamedGroup.X25519)]
    [InlineData(NamedGroup.Secp256r1)]
    internal void Both_sides_agree_with_each_group(NamedGroup group)
    {
        _pair.ClientGroups = [group];
        _pair.Run();
        AssertAgreed();
    }

    [Theory]
    [InlineData(NamedGroup.X25519, NamedGroup.Secp256r1)]
    [InlineData(NamedGroup.Secp256r1, NamedGroup.X25519)]
    internal void A_group_without_key_share_is_asked_for_by_HelloRetryRequest(NamedGroup sent, NamedGroup accepted)
    {
        _pair.ClientGroups = [sent, accepted];
        _pair.ServerGroups = [accepted];
        int hellos = 0;
        _pair.Tamper = (isToServer, level, data) =>
        {
            hellos += isToServer && level == EncryptionLevel.Initial ? 1 : 0;
            return data;
        };
        _pair.Run();
        AssertAgreed();
        Assert.Equal(2, hellos);
    }

    [Theory]
    [MemberData(nameof(TypesOfBothSides))]
    public void Both_sides_agree_with_each_certificate_type(int client, int server)
    {
        _pair.ClientTypes = client < 0 ? null : [(CertificateType)client];
        _pair.ServerTypes = server < 0 ? null : [(CertificateType)server];
        _pair.Run();
        AssertAgreed();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(64)]
    public void Messages_may_be_cut_anywhere(int length)
    {
        _pair.FragmentLength = length;
        _pair.Run();
        AssertAgreed();
        Assert.Equal(2, _pair.ClientSink.Sessions.Count);
    }

    [Fact]
    public void The_servers_order_of_ALPNs_decides()
    {
        _pair.ClientAlpns = ["p/9", "p/10", "other"];
        _pair.ServerAlpns = ["p/10", "p/9"];
        _pair.Run();
        Assert.Equal("p/10", _pair.Client.Alpn);
        Assert.Equal("p/10", _pair.Server.Alpn);
    }

    [Fact]
    public void Secrets_come_in_the_order_that_RFC_9001_demands()
    {
        _pair.Run();
        Assert.Equal(
            [
                (EncryptionLevel.Handshake, SecretDirection.Read), (EncryptionLevel.Handshake, SecretDirection.Write),
                (EncryptionLevel.OneRtt, SecretDirection.Read), (EncryptionLevel.OneRtt, SecretDirection.Write),
            ],
            _pair.ClientSink.Secrets.Select(secret => (secret.Level, secret.Direction)));
        Assert.Equal(
            [
                (EncryptionLevel.Handshake, SecretDirection.Read), (EncryptionLevel.Handshake, SecretDirection.Write),
                (EncryptionLevel.OneRtt, SecretDirection.Write), (EncryptionLevel.OneRtt, SecretDirection.Read),
            ],
            _pair.ServerSink.Secrets.Select(secret => (secret.Level, secret.Direction)));
    }

    [Fact]
    public void Exported_key_material_is_the_same_on_both_sides_and_bound_to_label_and_context()
    {
        _pair.Run();
        string Export(TlsHandshake side, string label, string context)
        {
            byte[] output = new byte[40];
            side.ExportKeyingMaterial(label, System.Text.Encoding.ASCII.GetBytes(context), output);
            return Convert.ToHexString(output);
        }

        Assert.Equal(Export(_pair.Client, "label", "context"), Export(_pair.Server, "label", "context"));
        Assert.NotEqual(Export(_pair.Client, "label", "context"), Export(_pair.Client, "label", "other"));
        Assert.NotEqual(Export(_pair.Client, "label", "context"), Export(_pair.Client, "other", "context"));
    }

    [Fact]
    public void The_server_name_is_the_one_that_iroh_sends()
    {
        using SecretKey zero = SecretKey.FromBytes(new byte[32]);
        Assert.Equal("7dl2ff6emqi2qol3l382krodedij45bn3nh479hqo14a32qpr8kg.iroh.invalid", ServerNameEncoding.Encode(zero.Id));
    }

    [Fact]
    public void No_tickets_are_sent_to_a_client_that_wants_none()
    {
        _pair.WantsTickets = false;
        _pair.Run();
        AssertAgreed();
        Assert.Empty(_pair.ClientSink.Sessions);
    }

    private void AssertAgreed()
    {
        Assert.True(_pair.Client.IsComplete);
        Assert.True(_pair.Server.IsComplete);
        Assert.Equal(_pair.ServerId, _pair.Client.PeerId);
        Assert.Equal(_pair.ClientId, _pair.Server.PeerId);
        Assert.Equal("echo/1", _pair.Client.Alpn);
        Assert.Equal("echo/1", _pair.Server.Alpn);
        Assert.Equal(HandshakePair.ServerParameters, _pair.Client.PeerTransportParameters);
        Assert.Equal(HandshakePair.ClientParameters, _pair.Server.PeerTransportParameters);
        foreach (EncryptionLevel level in (EncryptionLevel[])[EncryptionLevel.Handshake, EncryptionLevel.OneRtt])
        {
            Assert.Equal(_pair.ClientSink.Secret(level, SecretDirection.Read), _pair.ServerSink.Secret(level, SecretDirection.Write));
            Assert.Equal(_pair.ClientSink.Secret(level, SecretDirection.Write), _pair.ServerSink.Secret(level, SecretDirection.Read));
        }
    }
}
