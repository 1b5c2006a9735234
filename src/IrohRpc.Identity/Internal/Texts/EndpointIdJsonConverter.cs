namespace IrohRpc.Identity.Internal.Texts;

/// <summary>An id in JSON.</summary>
internal sealed class EndpointIdJsonConverter : TextJsonConverter<EndpointId>
{
    protected override EndpointId FromText(string text) => EndpointId.Parse(text);

    protected override string ToText(EndpointId value) => value.ToString();
}
