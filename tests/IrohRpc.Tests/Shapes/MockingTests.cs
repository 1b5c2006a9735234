using System.Reflection;
using Company.IrohRpc.Shapes;
using IrohRpc.CompilerServices;
using Moq;
using NSubstitute;

namespace IrohRpc.Tests;

/// <summary>What the generator adds to an interface does not get in the way of those who implement it by hand or mock it.</summary>
public class MockingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_contract_is_implemented_by_hand()
    {
        var listener = new Workshop.Listener("Ada");
        Assert.Equal("Ada heard you", await listener.HearAsync("you", Token));
        Assert.Equal("IListener", NameOf<IListener>(listener));
    }

    [Fact]
    public async Task A_contract_is_mocked_with_DispatchProxy()
    {
        IListener listener = DispatchProxy.Create<IListener, Answering>();
        Assert.Equal("HearAsync", await listener.HearAsync("you", Token));
        Assert.Equal("IListener", NameOf(listener));
    }

    [Fact]
    public async Task A_contract_is_mocked_with_NSubstitute()
    {
        IListener listener = Substitute.For<IListener>();
        listener.HearAsync("you", Arg.Any<CancellationToken>()).Returns("substituted");
        Assert.Equal("substituted", await listener.HearAsync("you", Token));
        Assert.Equal("IListener", NameOf(listener));
        await listener.Received(1).HearAsync("you", Token);

        IFamilyV2 family = Substitute.For<IFamilyV2>();
        ((ILeft)family).SharedAsync(Arg.Any<CancellationToken>()).Returns("left");
        Assert.Equal("left", await ((ILeft)family).SharedAsync(Token));
    }

    [Fact]
    public async Task A_contract_is_mocked_with_Moq()
    {
        var mock = new Mock<IListener>();
        mock.Setup(listener => listener.HearAsync("you", It.IsAny<CancellationToken>())).ReturnsAsync("mocked");
        Assert.Equal("mocked", await mock.Object.HearAsync("you", Token));
        Assert.Equal("IListener", NameOf(mock.Object));
        Assert.NotNull(new Mock<IFamilyV2>().Object);
        Assert.NotNull(new Mock<IValues>().Object);
    }

    private static string NameOf<T>(T service)
        where T : class, IContract<T>
    {
        Assert.NotNull(service);
        return T.Descriptor.Name;
    }

    public class Answering : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => new ValueTask<string>(targetMethod!.Name);
    }
}
