using System.Net;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Endpoints;
using IrohRpc.Quic.Packets;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Quic.Tests.Endpoints;

public sealed class AddressTokensTests : IDisposable
{
    private static readonly UdpAddress Client = Address("192.0.2.1", 1000);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-11-27T20:00:00Z", null));
    private readonly AddressTokens _tokens;
    private readonly ConnectionId _original = ConnectionId.CreateRandom(20);

    public AddressTokensTests() => _tokens = new AddressTokens(new byte[AddressTokens.KeyLength], _time);

    public void Dispose() => _tokens.Dispose();

    [Fact]
    public void The_token_of_a_Retry_brings_the_first_id_back()
    {
        byte[] token = _tokens.CreateForRetry(Client, _original);
        Assert.True(token.Length <= AddressTokens.MaxLength);
        Assert.Equal(AddressTokenStatus.RetryAnswered, _tokens.Validate(token, Client, out ConnectionId original));
        Assert.Equal(_original, original);
    }

    [Fact]
    public void The_token_of_a_Retry_is_good_for_one_address_and_a_short_time()
    {
        byte[] token = _tokens.CreateForRetry(Client, _original);
        Assert.Equal(AddressTokenStatus.RetryInvalid, _tokens.Validate(token, Address("192.0.2.1", 1001), out _));
        Assert.Equal(AddressTokenStatus.RetryInvalid, _tokens.Validate(token, Address("192.0.2.2", 1000), out _));
        Assert.Equal(AddressTokenStatus.RetryInvalid, _tokens.Validate(token, Address("2001:db8::1", 1000), out _));
        _time.Advance(AddressTokens.RetryLifetime);
        Assert.Equal(AddressTokenStatus.RetryAnswered, _tokens.Validate(token, Client, out _));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(AddressTokenStatus.RetryInvalid, _tokens.Validate(token, Client, out _));
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    public void A_token_for_later_is_good_for_one_host_and_a_day(string host)
    {
        byte[] token = _tokens.Create(Address(host, 1));
        Assert.Equal(AddressTokenStatus.Known, _tokens.Validate(token, Address(host, 2), out _));
        Assert.Equal(AddressTokenStatus.Unknown, _tokens.Validate(token, Address("192.0.2.9", 1), out _));
        _time.Advance(AddressTokens.NewTokenLifetime + TimeSpan.FromMilliseconds(1));
        Assert.Equal(AddressTokenStatus.Unknown, _tokens.Validate(token, Address(host, 1), out _));
    }

    [Fact]
    public void A_token_of_another_key_says_nothing()
    {
        byte[] key = new byte[AddressTokens.KeyLength];
        key[0] = 1;
        using var others = new AddressTokens(key, _time);
        Assert.Equal(AddressTokenStatus.Unknown, _tokens.Validate(others.Create(Client), Client, out _));
        Assert.Equal(AddressTokenStatus.Unknown, _tokens.Validate(others.CreateForRetry(Client, _original), Client, out _));
    }

    [Fact]
    public void Each_bit_counts_and_so_does_the_length()
    {
        byte[] token = _tokens.CreateForRetry(Client, _original);
        for (int bit = 0; bit < token.Length * 8; bit++)
        {
            byte[] changed = [.. token];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(AddressTokenStatus.Unknown, _tokens.Validate(changed, Client, out _));
        }

        for (int length = 0; length < token.Length; length++)
        {
            Assert.Equal(AddressTokenStatus.Unknown, _tokens.Validate(token.AsSpan(0, length), Client, out _));
        }

        Assert.Equal(AddressTokenStatus.Unknown, _tokens.Validate(new byte[2000], Client, out _));
    }

    private static UdpAddress Address(string host, int port) => UdpAddress.From(new IPEndPoint(IPAddress.Parse(host), port));
}
