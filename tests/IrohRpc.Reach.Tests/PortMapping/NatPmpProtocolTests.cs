using System.Net;
using IrohRpc.Reach.PortMapping;

namespace IrohRpc.Reach.Tests.PortMapping;

/// <summary>NAT-PMP (RFC 6886) with a router of the test's, byte by byte.</summary>
public sealed class NatPmpProtocolTests
{
    private static readonly PortMappingRequest Request = new(4001, null, TimeSpan.FromMinutes(20));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_is_mapped_and_given_back()
    {
        await using var router = new TestRouter(Answer);
        using var natPmp = new NatPmpProtocol(router.Exchange);
        MappedPort mapping = await natPmp.MapAsync(Request, Cancel);
        Assert.Equal((IPEndPoint.Parse("11.77.1.2:50001"), TimeSpan.FromMinutes(10)), (mapping.External, mapping.Lifetime));
        await natPmp.UnmapAsync(mapping, 4001, Cancel);
        Assert.Equal(["0000", "000100000fa10fa1000004b0", "000100000fa1000000000000"], router.Questions.Select(Convert.ToHexStringLower));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(77)]
    public async Task A_refusal_is_told_though_it_is_cut_short(byte code)
    {
        await using var router = new TestRouter(question => [0, (byte)(question[1] | 0x80), 0, code]);
        using var natPmp = new NatPmpProtocol(router.Exchange);
        await Assert.ThrowsAsync<PortMappingException>(() => natPmp.MapAsync(Request, Cancel));
        Assert.Single(router.Questions);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("00800000")]
    [InlineData("008200000000000000000000")]
    [InlineData("0081000000000000")]
    public async Task What_answers_something_else_is_passed_over(string wrong)
    {
        int asked = 0;
        await using var router = new TestRouter(question => Interlocked.Increment(ref asked) == 1 ? Convert.FromHexString(wrong) : Answer(question));
        using var natPmp = new NatPmpProtocol(router.Exchange);
        Assert.Equal(50_001, (await natPmp.MapAsync(Request, Cancel)).External.Port);
    }

    [Fact]
    public async Task A_router_that_does_not_answer_is_asked_three_times()
    {
        await using var router = new TestRouter(static _ => null);
        using var natPmp = new NatPmpProtocol(router.Exchange);
        await Assert.ThrowsAsync<PortMappingException>(() => natPmp.MapAsync(Request, Cancel).Soon());
        Assert.Equal(3, router.Questions.Count);
    }

    [Fact]
    public async Task A_question_is_given_up_on_request()
    {
        await using var router = new TestRouter(static _ => null);
        using var natPmp = new NatPmpProtocol(router.Exchange);
        using var enough = new CancellationTokenSource();
        Task<MappedPort> asking = natPmp.MapAsync(Request, enough.Token);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.Soon());
    }

    private static byte[]? Answer(byte[] question) => question switch
    {
        [0, 0] => Convert.FromHexString("0080000000000001" + "0b4d0102"),
        [0, 1, _, _, .. var ports] => [0, 0x81, 0, 0, 0, 0, 0, 1, ports[0], ports[1], 0xc3, 0x51, 0, 0, 2, 0x58],
        _ => null,
    };
}
