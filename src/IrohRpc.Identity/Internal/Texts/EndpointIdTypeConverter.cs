namespace IrohRpc.Identity.Internal.Texts;

/// <summary>An id from and to a string.</summary>
internal sealed class EndpointIdTypeConverter : TextTypeConverter<EndpointId>
{
    protected override EndpointId FromText(string text) => EndpointId.Parse(text);

    protected override string ToText(EndpointId value) => value.ToString();
}
