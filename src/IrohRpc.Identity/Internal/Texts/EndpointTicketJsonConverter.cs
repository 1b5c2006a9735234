namespace IrohRpc.Identity.Internal.Texts;

/// <summary>A ticket in JSON.</summary>
internal sealed class EndpointTicketJsonConverter : TextJsonConverter<EndpointTicket>
{
    protected override EndpointTicket FromText(string text) => EndpointTicket.Parse(text);

    protected override string ToText(EndpointTicket value) => value.ToString();
}
