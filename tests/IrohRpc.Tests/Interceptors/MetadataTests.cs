using IrohRpc.CompilerServices;

namespace IrohRpc.Tests;

/// <summary>Attributes of contracts, methods and parameters, as interceptors read them without reflection.</summary>
public sealed partial class MetadataTests
{
    [Fact]
    public void Attributes_are_there_with_their_arguments_the_contracts_first()
    {
        RpcMethod method = ContractDescriptors.Of<ILabelled>().Methods[0].Method;
        Assert.Equal(["contract", "method"], method.Metadata.Cast<LabelAttribute>().Select(label => label.Text));
        LabelAttribute label = method.GetMetadata<LabelAttribute>()!;
        Assert.Equal(
            (DayOfWeek.Friday, typeof(List<int>), -5, 'x', 1.5, null),
            (label.Day, label.Type, label.Number, label.Letter, label.Real, label.Nothing));
        Assert.Equal(["a\"\\", "b"], label.Words);
        Assert.Equal("parameter", Assert.IsType<LabelAttribute>(Assert.Single(method.Parameters[1].Metadata)).Text);
        Assert.Empty(method.Parameters[0].Metadata);
        Assert.Null(method.GetMetadata<SensitiveAttribute>());
    }

    [Fact]
    public void Inherited_method_keeps_what_its_own_contract_says()
    {
        RpcMethod method = ContractDescriptors.Of<IYounger>().Methods.Single(method => method.Name == "FirstAsync").Method;
        Assert.Equal(["younger", "contract", "method"], method.Metadata.Cast<LabelAttribute>().Select(label => label.Text));
    }

    [AttributeUsage(AttributeTargets.All)]
    internal sealed class LabelAttribute(string text, params string[] words) : RpcMetadataAttribute
    {
        public string Text => text;

        public string[] Words => words;

        public DayOfWeek Day { get; set; }

        public Type? Type { get; set; }

        public int Number { get; set; }

        public char Letter { get; set; }

        public double Real { get; set; }

        public string? Nothing { get; set; } = "something";
    }

    [Alpn("labelled/1"), Label("contract")]
    internal partial interface ILabelled
    {
        [Label("method", "a\"\\", "b", Day = DayOfWeek.Friday, Type = typeof(List<int>), Number = -5, Letter = 'x', Real = 1.5, Nothing = null)]
        ValueTask FirstAsync(int plain, [Label("parameter")] int labelled, CancellationToken cancellationToken = default);
    }

    [Alpn("labelled/2"), Label("younger")]
    internal partial interface IYounger : ILabelled
    {
        ValueTask SecondAsync(CancellationToken cancellationToken = default);
    }
}
