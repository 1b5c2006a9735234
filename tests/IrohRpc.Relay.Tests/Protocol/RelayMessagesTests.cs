using IrohRpc.Reach.Relay.Protocol;

namespace IrohRpc.Relay.Tests.Protocol;

public sealed class RelayMessagesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("not authorized")]
    [InlineData("ünïcödé, twice as long as a byte of length: ünïcödéünïcödéünïcödéünïcödéünïcödéünïcödéünïcödéünïcödéünïcödé")]
    public void A_denial_is_read_as_it_was_written(string reason)
    {
        Assert.True(RelayMessages.TryReadDenial(RelayMessages.Deny(reason), out string? read));
        Assert.Equal(reason, read);
    }

    [Fact]
    public void A_long_reason_is_cut_between_characters()
    {
        Assert.True(RelayMessages.TryReadDenial(RelayMessages.Deny("x" + new string('é', 2000)), out string? read));
        Assert.Equal("x" + new string('é', (RelayMessages.MaxReasonLength - 1) / 2), read);
    }

    [Fact]
    public void A_denial_that_is_cut_short_is_refused()
    {
        byte[] message = RelayMessages.Deny(new string('x', 200));
        for (int length = 1; length < message.Length; length++)
        {
            Assert.False(RelayMessages.TryReadDenial(message.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void A_restart_is_read_as_it_was_written()
    {
        byte[] message = RelayMessages.Restarting(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(30));
        Assert.Equal([12, 0, 0, 0x05, 0xdc, 0, 0, 0x75, 0x30], message);
        Assert.True(RelayMessages.TryReadRestarting(message, out TimeSpan reconnectIn, out TimeSpan tryFor));
        Assert.Equal((TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(30)), (reconnectIn, tryFor));
        Assert.False(RelayMessages.TryReadRestarting(message.AsSpan(0, 8), out _, out _));
    }

    [Fact]
    public void A_status_is_text_in_version_1_and_a_number_in_version_2()
    {
        Assert.Equal([13, 1], RelayMessages.Status(RelayProtocolVersion.V2, RelayStatus.SameEndpointIdConnected));
        byte[] health = RelayMessages.Status(RelayProtocolVersion.V1, RelayStatus.SameEndpointIdConnected);
        Assert.Equal(11, health[0]);
        Assert.Contains("same endpoint id", System.Text.Encoding.UTF8.GetString(health.AsSpan(1)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "iroh-relay-v2", "iroh-relay-v1" }, "iroh-relay-v2")]
    [InlineData(new[] { "iroh-relay-v1", "iroh-relay-v2" }, "iroh-relay-v2")]
    [InlineData(new[] { "chat", "iroh-relay-v1" }, "iroh-relay-v1")]
    [InlineData(new[] { "chat", "iroh-relay-v3" }, null)]
    [InlineData(new string[0], null)]
    public void The_highest_common_version_is_chosen(string[] offered, string? expected)
        => Assert.Equal(expected, RelayProtocol.Choose(offered) is { } version ? RelayProtocol.NameOf(version) : null);

    [Fact]
    public void A_proof_holds_for_its_challenge_and_for_no_other()
    {
        using SecretKey key = SecretKey.Generate();
        byte[] challenge = [.. Enumerable.Range(0, 16).Select(static i => (byte)i)];
        byte[] proof = RelayAuthentication.Prove(key, challenge);
        Assert.Equal(98, proof.Length);
        Assert.True(RelayAuthentication.TryVerify(proof, challenge, out EndpointId id, out _));
        Assert.Equal(key.Id, id);

        challenge[0]++;
        Assert.False(RelayAuthentication.TryVerify(proof, challenge, out _, out _));
        challenge[0]--;
        for (int i = 0; i < proof.Length; i++)
        {
            proof[i] ^= 0x10;
            Assert.False(RelayAuthentication.TryVerify(proof, challenge, out _, out _), $"byte {i}");
            proof[i] ^= 0x10;
            Assert.False(RelayAuthentication.TryVerify(proof.AsSpan(0, i), challenge, out _, out _), $"length {i}");
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:3340", "ws://127.0.0.1:3340/relay", "http://127.0.0.1:3340/ping")]
    [InlineData("https://relay.example/", "wss://relay.example/relay", "https://relay.example/ping")]
    [InlineData("wss://relay.example:8443/x?y", "wss://relay.example:8443/relay", "https://relay.example:8443/ping")]
    public void A_relays_url_stands_for_its_paths(string url, string socket, string ping)
    {
        Assert.Equal(new Uri(socket), IrohRpc.Reach.Relay.RelayUrl.ToWebSocket(new Uri(url)));
        Assert.Equal(new Uri(ping), IrohRpc.Reach.Relay.RelayUrl.ToPing(new Uri(url)));
    }
}
