using System.Buffers.Binary;
using System.Net;
using IrohRpc.Reach.PortMapping;

namespace IrohRpc.Reach.Tests.PortMapping;

/// <summary>PCP's MAP (RFC 6887) with a router of the test's, byte by byte.</summary>
public sealed class PcpProtocolTests
{
    private const int Length = 60;

    private static readonly IPAddress Outside = IPAddress.Parse("11.77.1.2");
    private static readonly PortMappingRequest Request = new(4001, null, TimeSpan.FromMinutes(20));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_is_mapped_renewed_and_given_back_under_one_nonce()
    {
        await using var router = new TestRouter(static question => Answer(question, 50_001, 600));
        using var pcp = new PcpProtocol(router.Exchange, IPAddress.Loopback);
        MappedPort mapping = await pcp.MapAsync(Request, Cancel);
        Assert.Equal((new IPEndPoint(Outside, 50_001), TimeSpan.FromMinutes(10)), (mapping.External, mapping.Lifetime));
        await pcp.MapAsync(Request with { Suggested = mapping.External }, Cancel);
        await pcp.UnmapAsync(mapping, 4001, Cancel);
        byte[][] questions = [.. router.Questions];
        Assert.Equal([Length, Length, Length], questions.Select(static question => question.Length));

        // Version, MAP, reserved, lifetime, this machine's address as IPv6; then the nonce, UDP, and the ports.
        Assert.Equal("02010000000004b000000000000000000000ffff7f000001", Convert.ToHexStringLower(questions[0].AsSpan(0, 24)));
        Assert.Equal("110000000fa10fa100000000000000000000ffff00000000", Convert.ToHexStringLower(questions[0].AsSpan(36)));
        Assert.Equal("110000000fa1c35100000000000000000000ffff0b4d0102", Convert.ToHexStringLower(questions[1].AsSpan(36)));
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32BigEndian(questions[2].AsSpan(4)));
        Assert.Single(questions.Select(static question => Convert.ToHexString(question.AsSpan(24, 12))).Distinct());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(200)]
    public async Task A_refusal_is_told(byte code)
    {
        await using var router = new TestRouter(question => Change(Answer(question, 50_001, 600), answer => answer[3] = code));
        using var pcp = new PcpProtocol(router.Exchange, IPAddress.Loopback);
        await Assert.ThrowsAsync<PortMappingException>(() => pcp.MapAsync(Request, Cancel));
        Assert.Single(router.Questions);
    }

    [Fact]
    public async Task A_router_of_the_older_protocol_is_asked_once_only()
    {
        await using var router = new TestRouter(static _ => [0, 0x81, 0, 1, 0, 0, 0, 0]);
        using var pcp = new PcpProtocol(router.Exchange, IPAddress.Loopback);
        await Assert.ThrowsAsync<PortMappingException>(() => pcp.MapAsync(Request, Cancel));
        Assert.Single(router.Questions);
    }

    [Theory]
    [InlineData("nonce")]
    [InlineData("protocol")]
    [InlineData("port")]
    [InlineData("short")]
    [InlineData("operation")]
    [InlineData("question")]
    [InlineData("empty")]
    public async Task What_answers_something_else_is_passed_over_and_the_question_asked_again(string wrong)
    {
        int asked = 0;
        await using var router = new TestRouter(question => Interlocked.Increment(ref asked) > 1 ? Answer(question, 50_001, 600) : wrong switch
        {
            "nonce" => Change(Answer(question, 1, 600), static answer => answer[24] ^= 1),
            "protocol" => Change(Answer(question, 1, 600), static answer => answer[36] = 6),
            "port" => Change(Answer(question, 1, 600), static answer => answer[41] ^= 1),
            "short" => Answer(question, 1, 600)[..(Length - 1)],
            "operation" => Change(Answer(question, 1, 600), static answer => answer[1] = 0x82),
            "question" => question,
            _ => [],
        });
        using var pcp = new PcpProtocol(router.Exchange, IPAddress.Loopback);
        MappedPort mapping = await pcp.MapAsync(Request, Cancel);
        Assert.Equal((50_001, 2), (mapping.External.Port, asked));
    }

    [Theory]
    [InlineData("0.0.0.0", 1, 600)]
    [InlineData("127.0.0.1", 1, 600)]
    [InlineData("239.1.1.1", 1, 600)]
    [InlineData("255.255.255.255", 1, 600)]
    [InlineData("169.254.1.1", 1, 600)]
    [InlineData("11.77.1.2", 0, 600)]
    [InlineData("11.77.1.2", 1, 0)]
    public async Task A_mapping_that_no_peer_could_use_is_none(string address, int port, uint lifetime)
    {
        await using var router = new TestRouter(question => Change(
            Answer(question, port, lifetime), answer => IPAddress.Parse(address).MapToIPv6().TryWriteBytes(answer.AsSpan(44), out _)));
        using var pcp = new PcpProtocol(router.Exchange, IPAddress.Loopback);
        await Assert.ThrowsAsync<PortMappingException>(() => pcp.MapAsync(Request, Cancel));
    }

    private static byte[] Answer(byte[] question, int port, uint lifetime)
    {
        byte[] answer = [.. question];
        answer[1] |= 0x80;
        answer[3] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(4), lifetime);
        answer.AsSpan(8, 16).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(42), (ushort)port);
        Outside.MapToIPv6().TryWriteBytes(answer.AsSpan(44), out _);
        return answer;
    }

    private static byte[] Change(byte[] answer, Action<byte[]> change)
    {
        change(answer);
        return answer;
    }
}
